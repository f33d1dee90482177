//go:build linux

package main

import (
	"bytes"
	"context"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"example.com/echo/docs/lab/figures"
	"example.com/echo/docs/lab/load"
	"github.com/google/go-cmp/cmp"
)

// TestMain is the clients' process too, as main is.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == driveWord {
		main()
		return
	}
	code := m.Run()
	if b, err := testBench(); err == nil {
		b.close()
	}
	os.Exit(code)
}

// testBench is built once for all tests.
var testBench = sync.OnceValues(func() (*bench, error) {
	return newBench(context.Background(), true, false, io.Discard)
})

func newTestBench(t *testing.T) *bench {
	t.Helper()
	b, err := testBench()
	if err != nil {
		t.Fatal(err)
	}
	b.steps(t.Name(), 100)
	return b
}

// TestSystemCallsPerEcho holds what the lessons say of their loops against what
// they do: a figure that needs no clock can be held.
func TestSystemCallsPerEcho(t *testing.T) {
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skip("needs strace, to count system calls: ", err)
	}
	b := newTestBench(t)
	for i, c := range b.lessons {
		for _, idle := range []int{0, 100} {
			if i == 0 && idle > 0 {
				continue
			}
			values, err := b.callsPerEcho(c, idle)
			if err != nil {
				t.Fatal(err)
			}
			allCalls, allWaits, least, most := 3.0, 1.0, float64(idle), float64(idle)+20
			switch i {
			case 0: // one read, one write
				allCalls, allWaits, least, most = 2, 0, 0, 0
			case 3: // the one that is ready
				least, most = 0.99, 1.05
			}
			const accuracy = 0.05 // Go's runtime calls something once in a while
			if n := values[systemCalls.Name]; n < allCalls-accuracy || n > allCalls+accuracy {
				t.Errorf("%s, %d idle: expected %v system calls per echo, but there are %v", c.Name, idle, allCalls, n)
			}
			if n := values[waits.Name]; n < allWaits-accuracy || n > allWaits+accuracy {
				t.Errorf("%s, %d idle: expected %v waits per echo, but there are %v", c.Name, idle, allWaits, n)
			}
			if n := values[examined.Name]; n < least || n > most {
				t.Errorf("%s, %d idle: expected %v to %v descriptors examined per echo, but there are %v", c.Name, idle, least, most, n)
			}
		}
	}
}

// TestEveryServerIsMeasured has clients drive each server a little.
func TestEveryServerIsMeasured(t *testing.T) {
	b := newTestBench(t)
	for _, c := range append(b.single(), b.logging()[0]) {
		plan := load.Plan{Busy: 5, Idle: 20, Size: messageSize, Echoes: 500}
		if c.clients == 1 {
			plan.Busy, plan.Idle = 1, 0
		}
		result, err := b.measure(c, plan, nil)
		if err != nil {
			t.Error(err)
			continue
		}
		if result.Echoes < 500 || result.Server <= 0 || result.Load <= 0 {
			t.Errorf("%s: expected 500 echoes that took everybody some time, but got %+v", c.Name, result)
		}
	}
}

// TestInterrupted ends the run in the middle of an experiment, and looks for
// processes that are still there.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	err := run(ctx, []string{"-quick", "-only", "throughput"}, io.Discard, writerFunc(func(text []byte) {
		if bytes.Contains(text, []byte("throughput")) { // the bar of the experiment
			cancel()
		}
	}))
	cancel()
	if err != context.Canceled {
		t.Errorf("expected that it says it was interrupted, but got %v", err)
	}
	tasks, _ := filepath.Glob("/proc/self/task/*/children")
	for _, path := range tasks {
		if children, _ := os.ReadFile(path); len(children) > 0 {
			t.Errorf("processes are left: %s", children)
		}
	}
}

// TestMissingTool leaves out what it cannot do, and says so in a line.
func TestMissingTool(t *testing.T) {
	alone := t.TempDir()
	for _, name := range []string{"go", "cp"} { // what builds the programs
		tool, err := exec.LookPath(name)
		if err == nil {
			err = os.Symlink(tool, filepath.Join(alone, name))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", alone)
	var tables, complaints bytes.Buffer
	err := run(t.Context(), []string{"-quick", "-only", "calls,ratios,memory"}, &tables, &complaints)
	if want := "not done: calls, ratios"; err == nil || err.Error() != want {
		t.Errorf("expected the error %q, but got %v", want, err)
	}
	for _, line := range []string{"lab: calls: needs strace", "lab: ratios: needs -peers"} {
		if !strings.Contains(complaints.String(), line) {
			t.Errorf("expected a line %q, but got\n%s", line, &complaints)
		}
	}
	if !strings.Contains(tables.String(), "04-epoll") {
		t.Errorf("expected the table of memory, but got\n%s", &tables)
	}
}

type writerFunc func([]byte)

func (f writerFunc) Write(text []byte) (int, error) { f(text); return len(text), nil }

func TestArguments(t *testing.T) {
	for _, test := range []struct{ args, want string }{
		{"-h", flag.ErrHelp.Error()},
		{"-fast", flag.ErrHelp.Error()},
		{"-only thruput", `no experiment "thruput"`},
		{"-redraw -o /nowhere", "/nowhere/figures.json"},
	} {
		err := run(t.Context(), strings.Fields(test.args), io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("lab %s: expected an error with %q, but got %v", test.args, test.want, err)
		}
	}
}

// TestFiguresAreFresh makes the charts anew of the raw figures that the
// repository keeps.
func TestFiguresAreFresh(t *testing.T) {
	const kept = "../figures"
	f, err := figures.Read(kept)
	if err != nil {
		t.Fatal(err)
	}
	if f.Quick {
		t.Errorf("%s: measured in a hurry", kept)
	}
	fresh := t.TempDir()
	if err := draw(f, fresh); err != nil {
		t.Fatal(err)
	}
	made, err := os.ReadDir(fresh)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{figures.File, "README.md"}
	for _, file := range made {
		names = append(names, file.Name())
		want, _ := os.ReadFile(filepath.Join(fresh, file.Name()))
		have, err := os.ReadFile(filepath.Join(kept, file.Name()))
		if err != nil || !bytes.Equal(want, have) {
			t.Errorf("%s/%s is stale (%v); go run ./docs/lab -redraw -o docs/figures writes it", kept, file.Name(), err)
		}
	}
	all, err := os.ReadDir(kept)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range all {
		if !slices.Contains(names, file.Name()) {
			t.Errorf("%s/%s is no longer made", kept, file.Name())
		}
	}
}

func TestMedians(t *testing.T) {
	table := &figures.Table{X: "clients", Columns: []figures.Column{{Name: "a"}, {Name: "b", Digits: 2}, {Name: "c"}}}
	table.Add("s", 1500, []map[string]float64{{"a": 3000, "b": 1}, {"a": 1000, "b": 1}, {"a": 2000, "b": 1.001}})
	table.Add("t", 1, []map[string]float64{{"a": 1, "b": 2.345}})
	want := "| server | clients | a | b | c |\n|---|---:|---:|---:|---:|\n" +
		"| s | 1,500 | 2,000 ±50% | 1.00 | – |\n| t | 1 | 1 | 2.35 | – |\n"
	if diff := cmp.Diff(want, table.Markdown()); diff != "" {
		t.Errorf("-expected +came:\n%s", diff)
	}
}

func TestTracesAreCounted(t *testing.T) {
	const trace = `10 listen(3, 4096) = 0
10 epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN, data={u32=4, u64=4}}) = 0
10 epoll_ctl(7, EPOLL_CTL_ADD, 3, {events=EPOLLIN, data={u32=3, u64=3}}) = 0
10 epoll_pwait(7,  <unfinished ...>
11 epoll_pwait(5, [], 128, 0, NULL, 0) = 0
10 <... epoll_pwait resumed>[{events=EPOLLIN, data={u32=9, u64=9}}, {events=EPOLLIN, data={u32=8, u64=8}}], 256, -1, NULL, 0) = 2
10 read(9, "hello) = 7", 65536) = 10
10 pselect6(12, [3 4 9], [], NULL, NULL, NULL) = 1 (in [9])
10 ppoll([{fd=3, events=POLLIN}, {fd=4, events=POLLIN}], 7, NULL, NULL, 0) = 1 ([{fd=3, revents=POLLIN}])
10 write(9, "hello", 5) = 5
10 +++ exited with 0 +++
`
	got := count([]byte(trace))
	if want := (tally{calls: 7, waits: 3, examined: 2 + 12 + 7}); got != want {
		t.Errorf("expected %+v, but got %+v", want, got)
	}
}

func TestPictures(t *testing.T) {
	for _, p := range pictures {
		if _, err := choose([]string{p.experiment}); err != nil {
			t.Errorf("%s: %v", p.file, err)
		}
	}
}
