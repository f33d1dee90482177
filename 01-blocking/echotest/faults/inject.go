package faults

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/server"
)

// A Trace is what strace tells of the system calls of a server that runs.
type Trace struct{ path string }

// Inject is Play with strace in between, which injects faults into system calls,
// as in accept4:error=ECONNABORTED:when=1..2. It needs strace, and skips the test
// where there is none. Source: strace(1), "Tampering".
func Inject(t *testing.T, fault string, script func(*echotest.Stage, Trace), args ...string) {
	t.Helper()
	trace := Trace{filepath.Join(t.TempDir(), "trace")}
	command, err := Under(fault, trace.path)
	if err != nil {
		t.Skip(err)
	}
	// With the race detector the program is linked dynamically, and the faults
	// would hit its loader.
	path := echotest.Program(t, "-race=false")
	playUnder(t, command, path, func(st *echotest.Stage) { script(st, trace) }, args...)
}

// Under returns the beginning of a command line, which a program's follows: the
// program then runs with the fault injected, and the call is traced to a file.
// It fails without strace.
func Under(fault, file string) ([]string, error) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		return nil, fmt.Errorf("needs strace, to inject faults into system calls: %w", err)
	}
	call, _, _ := strings.Cut(fault, ":")
	return []string{strace, "-D", "-q", "-f", "-o", file, "-e", "trace=" + call, "-e", "signal=none", "-e", "inject=" + fault}, nil
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

// FalseReadiness tests that the lesson's program goes on when
// somebody is said to be ready and is not: a fault for Inject says how.
func FalseReadiness(t *testing.T, fault string) {
	Inject(t, fault, func(st *echotest.Stage, trace Trace) {
		alice, bob := st.Client("alice"), st.Client("bob")
		for range 10 {
			alice.Echo("hello")
			bob.Echo("hello")
		}
		alice.Leave()
		bob.Echo("hello")
		bob.Leave()
		if len(trace.Lines("(INJECTED)")) == 0 {
			t.Error("nothing was said to be ready that is not: this test tests nothing")
		}
	})
}

// playUnder plays a script with the program at path started by another command,
// as in env GOGC=1 PROGRAM, that becomes the program.
func playUnder(t *testing.T, command []string, path string, script func(*echotest.Stage), args ...string) {
	t.Helper()
	words := slices.Concat(command, []string{path, "-addr", "127.0.0.1:0"}, args)
	s, err := server.StartCommand(exec.Command(words[0], words[1:]...))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Kill()
	st := &echotest.Stage{Server: s}
	if failure := st.Play(script); failure != nil {
		t.Fatalf("%v%s", failure, s.LastLines(st.Names()))
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
}
