package mutants

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/faults"
	"example.com/echo/01-blocking/echotest/logfile"
	"example.com/echo/01-blocking/echotest/server"
)

// try plays a scenario against a program that may have any fault, and returns how
// it failed; "" if it did not. golden is how it is expected to fail, "" if that
// is not known.
func (m *Mutant) try(sc echotest.Scenario, program, golden string) string {
	s, err := m.start(program)
	if err != nil {
		return scrub(echotest.ServerFailure("to start", err.Error()).Golden())
	}
	st := &echotest.Stage{Server: s, Patience: patience(golden)}
	defer func() { st.Server.KillGroup() }() // its workers too, also those that a dead supervisor has left
	failure := st.Play(sc.Play)
	if failure == nil {
		failure = st.Clear()
	}
	if failure == nil {
		failure = m.aftermath(st, sc)
	}
	if failure == nil {
		return ""
	}
	return scrub(failure.Golden())
}

func (m *Mutant) start(program string) (*server.Server, error) {
	if m.Inject == "" {
		return server.Start(program, m.Args...)
	}
	words, err := faults.Under(m.Inject, os.DevNull)
	if err != nil {
		return nil, err
	}
	words = append(words, program, "-addr", "127.0.0.1:0")
	words = append(words, m.Args...)
	return server.StartCommand(exec.Command(words[0], words[1:]...))
}

// patience is short for the wait that is expected to be in vain.
func patience(golden string) func(*echotest.Failure) time.Duration {
	return func(f *echotest.Failure) time.Duration {
		if golden == "" || strings.HasPrefix(golden, scrub(f.Headline())) {
			return echotest.ExpectedIdle
		}
		return server.Idle
	}
}

// aftermath ends the server, which has no clients any more, and looks at what
// is left of it: exit status, log and standard error.
func (m *Mutant) aftermath(st *echotest.Stage, sc echotest.Scenario) *echotest.Failure {
	st.Server.Signal(syscall.SIGTERM)
	if failure := st.EndOfServer(); failure != nil {
		return failure
	}
	if failure := m.readLog(st, sc); failure != nil {
		return failure
	}
	if st.Server.Errors() != "" {
		return echotest.ServerFailure("to write nothing to standard error", "there is: "+st.Server.Errors())
	}
	return nil
}

// readLog compares the log with the golden file that the lesson has of the
// scenario, if it has one.
func (m *Mutant) readLog(st *echotest.Stage, sc echotest.Scenario) *echotest.Failure {
	events, err := st.Server.Log()
	if err != nil {
		failure := echotest.ServerFailure("every line of its log to be whole and of a known form", err.Error())
		if m.Lesson.Workers {
			failure.Came = "one is torn, or mixed with another" // which one is not fixed
		}
		return failure
	}
	golden, err := server.ReadFile(filepath.Join(m.directory(), "testdata", sc.Name+".log"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	view := sc.View
	if m.Lesson.Workers {
		view = max(view, logfile.ByConnection)
	}
	want, came := string(golden), logfile.Render(events, view, st.Names())
	if len(m.Args) > 0 {
		want, came = logfile.ClientLines(want), logfile.ClientLines(came)
	}
	failure := firstOtherLine(strings.Split(want, "\n"), strings.Split(came, "\n"))
	if failure != nil && m.Lesson.Workers {
		failure.Expected = lineNumber.ReplaceAllString(failure.Expected, "as a line") // which one is not fixed
	}
	return failure
}

var lineNumber = regexp.MustCompile(`as line \d+`)

// firstOtherLine returns the failure of a log's first line that is not as
// wanted, or nil.
func firstOtherLine(want, came []string) *echotest.Failure {
	at := func(lines []string, i int) string {
		if i >= len(lines) || i == len(lines)-1 && lines[i] == "" {
			return "the end"
		}
		return lines[i]
	}
	for i := range max(len(want), len(came)) {
		if w, c := at(want, i), at(came, i); w != c {
			return echotest.ServerFailure(fmt.Sprintf("to log as line %d: %s", i+1, w), "it logs:   "+c)
		}
	}
	return nil
}

var varying = regexp.MustCompile(`((?:pid=|parent=|', |0\.0\.\d:|:))\d{4,}|(Process-)\d+|/\S+/`)

// scrub takes out of a text what is different in every run: ports, process ids,
// which worker it was, and directories.
func scrub(text string) string {
	return varying.ReplaceAllString(text, "${1}${2}…")
}
