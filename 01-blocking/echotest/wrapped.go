package echotest

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// PlayUnder is Play with the program started by another command, as in
// env GOGC=1 PROGRAM, that becomes the program.
func PlayUnder(t *testing.T, command []string, script func(*Stage), args ...string) {
	t.Helper()
	path, err := Build(".")
	if err != nil {
		t.Fatal(err)
	}
	playUnder(t, command, path, script, args...)
}

func playUnder(t *testing.T, command []string, path string, script func(*Stage), args ...string) {
	t.Helper()
	words := slices.Concat(command, []string{path, "-addr", "127.0.0.1:0"}, args)
	server, err := start(exec.Command(words[0], words[1:]...), false)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Kill()
	lesson := Lesson{}
	if failure := (&Stage{Server: server}).play(script); failure != nil {
		t.Fatalf("%v%s", failure, lesson.lastLines(server))
	}
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
}

// A Trace is what strace tells of the system calls of a server that runs.
type Trace struct{ path string }

// Inject is Play with strace in between, which injects faults into system calls,
// as in accept4:error=ECONNABORTED:when=1..2. It needs strace, and skips the test
// where there is none. Source: strace(1), "Tampering".
func Inject(t *testing.T, fault string, script func(*Stage, Trace), args ...string) {
	t.Helper()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("needs strace, to inject faults into system calls: ", err)
	}
	call, _, _ := strings.Cut(fault, ":")
	trace := Trace{filepath.Join(t.TempDir(), "trace")}
	command := []string{strace, "-D", "-q", "-f", "-o", trace.path, "-e", "trace=" + call, "-e", "signal=none", "-e", "inject=" + fault}
	// With the race detector the program is linked dynamically, and the faults
	// would hit its loader.
	path, err := Build(".", "-race=false")
	if err != nil {
		t.Fatal(err)
	}
	playUnder(t, command, path, func(st *Stage) { script(st, trace) }, args...)
}

// Lines returns the lines of the trace so far that have all of these words in them.
func (tr Trace) Lines(words ...string) []string {
	text, _ := os.ReadFile(tr.path)
	var found []string
	for line := range strings.Lines(string(text)) {
		if !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(line, word) }) {
			found = append(found, line)
		}
	}
	return found
}
