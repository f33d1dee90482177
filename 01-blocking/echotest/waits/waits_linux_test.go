//go:build amd64 || arm64

package waits

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.com/echo/01-blocking/echotest/scratch"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

const (
	calls    = "testdata/waiting/calls/calls_linux.go"
	fromRoot = "01-blocking/echotest/waits/"
)

func TestMain(m *testing.M) {
	code := m.Run()
	scratch.RemoveAll()
	os.Exit(code)
}

// frameAt returns the frame of a function of calls at the line with the text.
func frameAt(t *testing.T, function, text string) Frame {
	t.Helper()
	source, err := os.ReadFile(calls)
	if err != nil {
		t.Fatal(err)
	}
	before, _, found := strings.Cut(string(source), text)
	if !found {
		t.Fatalf("%s does not have %q", calls, text)
	}
	function = project + fromRoot + "testdata/waiting/calls." + function
	return Frame{function, fromRoot + calls, strings.Count(before, "\n") + 1}
}

func TestCalls(t *testing.T) {
	t.Parallel()
	program := build(t)
	for call, text := range map[string]string{
		"write":      "unix.Write(",
		"accept":     "unix.Accept4(",
		"recv":       "unix.Recvfrom(",
		"select":     "unix.Select(",
		"poll":       "unix.Poll(",
		"epoll_wait": "unix.EpollWait(",
	} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			pid, fd := start(t, program, call)
			expect(t, pid, []Wait{{call, fd, []Frame{frameAt(t, "Make", text)}}})
		})
	}
}

// readWait is what a program waits in that was started for read: in a function
// that is inlined into another.
func readWait(t *testing.T, fd int) []Wait {
	t.Helper()
	return []Wait{{"read", fd, []Frame{frameAt(t, "read", "unix.Read("), frameAt(t, "Make", "read(fd)")}}}
}

// TestBuilds looks at programs that go build leaves with other addresses, other
// names of files, or other stacks.
func TestBuilds(t *testing.T) {
	t.Parallel()
	builds := map[string][]string{
		"plain":                nil,
		"position-independent": {"-buildmode=pie", "-trimpath"},
		"not-inlined":          {"-gcflags=example.com/echo/...=-l"},
	}
	if hasRaceDetector() { // for which there is no such build
		delete(builds, "position-independent")
	}
	for name, flags := range builds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pid, fd := start(t, build(t, flags...), "read")
			expect(t, pid, readWait(t, fd))
		})
	}
}

// TestGoRuntime finds Go's own epoll_wait in the kernel's list, and expects that
// it is left out.
func TestGoRuntime(t *testing.T) {
	t.Parallel()
	pid, fd := start(t, build(t), "read")
	p, err := open(pid)
	if err != nil {
		t.Fatal(err)
	}
	defer p.memory.Close()
	inEpollWait := func(tid int) bool {
		call, ok := p.blocked(tid)
		return ok && call.number == unix.SYS_EPOLL_PWAIT
	}
	if !eventually(func() bool { return slices.ContainsFunc(p.threads(), inEpollWait) }) {
		t.Fatal("expected a thread of Go's runtime to be in epoll_wait")
	}
	expect(t, pid, readWait(t, fd))
}

func TestNoDebugInformation(t *testing.T) {
	t.Parallel()
	pid, _ := start(t, build(t, "-ldflags=-w"), "read")
	const want = "a Go program without debug information"
	if waits, err := Of(pid); err == nil || !strings.Contains(err.Error(), want) || waits != nil {
		t.Errorf("expected the error %q, got %v, %v", want, waits, err)
	}
}

func TestProcessHasEnded(t *testing.T) {
	t.Parallel()
	cmd := exec.Command(build(t), "none")
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	if waits, err := Of(cmd.Process.Pid); err == nil || waits != nil {
		t.Errorf("expected an error, got %v, %v", waits, err)
	}
}

// TestPython looks at a program that is not Go: its main thread comes first.
func TestPython(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("needs python3: ", err)
	}
	const program = `
import os, select, signal, threading
signal.alarm(60)
reader, writer = os.pipe()
threading.Thread(target=select.select, args=([], [], []), daemon=True).start()
print(reader, flush=True)
os.read(reader, 1)
`
	pid, fd := start(t, python, "-c", program)
	expect(t, pid, []Wait{{"read", fd, nil}, {"select", -1, nil}})
}

func TestPackageOf(t *testing.T) {
	for function, want := range map[string]string{
		"main.main":                              "main",
		"example.com/echo/03-poll/p.(*loop).at":  "example.com/echo/03-poll/p",
		"a/b.Sum[go.shape.struct { c/d.e int }]": "a/b",
	} {
		if got := packageOf(function); got != want {
			t.Errorf("%s: expected %q, got %q", function, want, got)
		}
	}
}

// build builds the program in testdata, and returns its path.
func build(t *testing.T, flags ...string) string {
	t.Helper()
	for _, name := range []string{"testdata/waiting/main_linux.go", calls} {
		os.Stat(name) // so that go test runs again when it has changed
	}
	dir, err := scratch.Dir()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "waiting")
	args := append([]string{"build", "-o", path}, flags...)
	if hasRaceDetector() {
		args = append(args, "-race")
	}
	if out, err := exec.Command("go", append(args, "./testdata/waiting")...).CombinedOutput(); err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return path
}

// hasRaceDetector says whether this test has been built with -race.
func hasRaceDetector() bool {
	info, _ := debug.ReadBuildInfo()
	return info != nil && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// start starts a program, which ends with the test, and returns its number and
// the descriptor that it prints.
func start(t *testing.T, name string, args ...string) (pid, fd int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Wait() })
	line, _ := bufio.NewReader(out).ReadString('\n')
	if fd, err = strconv.Atoi(strings.TrimSpace(line)); err != nil {
		t.Fatal(err)
	}
	return cmd.Process.Pid, fd
}

// expect waits until the process waits in what is wanted and in nothing else.
func expect(t *testing.T, pid int, want []Wait) {
	t.Helper()
	var diff string
	if !eventually(func() bool {
		got, err := Of(pid)
		diff = cmp.Diff(want, got)
		if err != nil {
			diff = err.Error()
		}
		return diff == ""
	}) {
		t.Errorf("where the process waits (-expected +found):\n%s", diff)
	}
}

// eventually asks until the answer is yes, and says whether it ever was.
func eventually(ask func() bool) bool {
	deadline := time.Now().Add(30 * time.Second)
	for range time.Tick(time.Millisecond) {
		if ask() {
			return true
		}
		if time.Now().After(deadline) {
			break
		}
	}
	return false
}
