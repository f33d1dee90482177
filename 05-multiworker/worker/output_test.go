package worker

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"

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

type writes []string

func (w *writes) Write(p []byte) (int, error) {
	*w = append(*w, string(p))
	return len(p), nil
}
