package worker

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"example.com/echo/01-blocking/eventlog"
	"github.com/google/go-cmp/cmp"
)

// TestCopyLinesKeepsLinesWhole reads byte by byte what is written line by line.
func TestCopyLinesKeepsLinesWhole(t *testing.T) {
	t.Parallel()
	long := bytes.Repeat([]byte("x"), 2*chunk)
	log := append(append([]byte("one\ntwo\n"), long...), "\nthe last, torn"...)
	var writes writes
	if err := copyLines(&writes, iotest.OneByteReader(bytes.NewReader(log))); err != nil {
		t.Fatal(err)
	}
	want := []string{"one\n", "two\n", string(long) + "\n"}
	if diff := cmp.Diff(want, []string(writes)); diff != "" {
		t.Errorf("expected whole lines, without the torn one (-expected +came):\n%s", diff)
	}
}

func TestCopyLinesReportsErrors(t *testing.T) {
	t.Parallel()
	failed := errors.New("failed")
	if err := copyLines(io.Discard, iotest.ErrReader(failed)); err != failed {
		t.Errorf("expected the reader's error, got %v", err)
	}
	r, w := io.Pipe()
	r.CloseWithError(failed)
	if err := copyLines(w, bytes.NewReader([]byte("line\n"))); err != failed {
		t.Errorf("expected the writer's error, got %v", err)
	}
}

// TestOutputNeverMixesLines has several loops write large lines into one pipe. A
// write of more than 64 KiB, as much as a pipe holds, waits in its middle, where
// another's could get in between.
func TestOutputNeverMixesLines(t *testing.T) {
	t.Parallel()
	const loops, turns = 4, 12
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	out := &output{to: eventlog.Output(w.Fd())}
	messageOf := func(loop int) []byte { return bytes.Repeat([]byte{'a' + byte(loop)}, 70<<10+loop) }
	var wg sync.WaitGroup
	for i := range loops {
		wg.Go(func() {
			log := out.newLog()
			for turn := range turns {
				log.DataSent(messageOf(i), fmt.Sprint(turn))
				log.ClientClosed(fmt.Sprint(i))
				if err := log.Flush(); err != nil {
					t.Errorf("loop %d: %v", i, err)
				}
			}
		})
	}
	go func() {
		wg.Wait()
		w.Close()
	}()
	log, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	var next [loops]int // the turn of each loop that comes next
	lines := strings.SplitAfter(string(log), "\n")
	for ; len(lines) > 1; lines = lines[2:] {
		loop := strings.IndexByte("abcd", lines[0][len("Data sent b'")])
		if loop < 0 {
			t.Fatalf("no loop begins a line like this: %.40q", lines[0])
		}
		want := fmt.Sprintf("Data sent b'%s' to %d\nClosed client sock %d\n", messageOf(loop), next[loop], loop)
		if got := lines[0] + lines[1]; got != want {
			t.Fatalf("turn %d of loop %d is %d bytes, %.40q ... %.40q; expected its %d bytes and no others",
				next[loop], loop, len(got), got, got[max(0, len(got)-40):], len(want))
		}
		next[loop]++
	}
	if next != [loops]int{turns, turns, turns, turns} || lines[0] != "" {
		t.Errorf("expected %d turns of each loop and no torn line, but %v came, and %.40q", turns, next, lines[0])
	}
}

type writes []string

func (w *writes) Write(p []byte) (int, error) {
	*w = append(*w, string(p))
	return len(p), nil
}
