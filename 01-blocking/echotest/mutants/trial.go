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

// A Trial is a program of a lesson's that may have any fault, and how it is
// started. Scenarios are played against it.
type Trial struct {
	Program string
	Args    []string // flags for the program
	Inject  string   // a system call's fault, as strace(1) has it; "" for none
	Logs    string   // the directory of the golden logs; "" to compare none
	Workers bool     // see Lesson

	MostWork time.Duration // see server.Server
}

// A Verdict is what a Trial finds. There is no Failure if the program passed.
type Verdict struct {
	Failure    *echotest.Failure
	Transcript string // what the clients did and got
	Log        string // the last lines of the server's log, if it failed
}

// Usual returns a failure's text, as it is in every run: without ports, process
// ids, which worker it was, and directories.
func Usual(failure *echotest.Failure) string { return scrub(failure.Golden()) }

// None is how a program usually fails of which it is not expected that it does.
const None = "none"

// Play plays a scenario, ends the server, and looks at what is left of it. usual
// is how the program is expected to fail: that wait in vain is cut short. "" means
// that it is not known how, and cuts all short.
func (tr *Trial) Play(sc echotest.Scenario, usual string) (v Verdict) {
	s, err := tr.start()
	if err != nil {
		v.Failure = echotest.ServerFailure("to start", err.Error())
		return v
	}
	s.MostWork = tr.MostWork
	st := &echotest.Stage{Server: s, Patience: patience(usual)}
	defer st.CloseClients()
	defer func() { st.Server.KillGroup() }() // its workers too, also those that a dead supervisor has left
	if v.Failure = st.Play(sc.Play); v.Failure == nil {
		v.Failure = st.Clear()
	}
	if v.Failure == nil {
		v.Failure = tr.aftermath(st, sc)
	}
	v.Transcript = st.Transcript()
	if v.Failure != nil {
		st.Locate(v.Failure)
		v.Log = st.Server.LastLines(st.Names())
	}
	return v
}

func (tr *Trial) start() (*server.Server, error) {
	if tr.Inject == "" {
		return server.Start(tr.Program, tr.Args...)
	}
	words, err := faults.Under(tr.Inject, os.DevNull)
	if err != nil {
		return nil, err
	}
	words = append(words, tr.Program, "-addr", "127.0.0.1:0")
	words = append(words, tr.Args...)
	return server.StartCommand(exec.Command(words[0], words[1:]...))
}

// patience is short for the wait that is expected to be in vain.
func patience(usual string) func(*echotest.Failure) time.Duration {
	return func(f *echotest.Failure) time.Duration {
		if usual == "" || strings.HasPrefix(usual, scrub(f.Headline())) {
			return echotest.ExpectedIdle
		}
		return server.Idle
	}
}

// aftermath ends the server, which has no clients any more, and looks at what
// is left of it: exit status, log and standard error.
func (tr *Trial) aftermath(st *echotest.Stage, sc echotest.Scenario) *echotest.Failure {
	st.Signal(syscall.SIGTERM)
	if failure := st.EndOfServer(); failure != nil {
		return failure
	}
	if failure := tr.readLog(st, sc); failure != nil {
		return failure
	}
	if st.Server.Errors() != "" {
		return echotest.ServerFailure("to write nothing to standard error", "there is: "+st.Server.Errors())
	}
	return nil
}

// readLog compares the log with the golden file that the lesson has of the
// scenario, if it has one.
func (tr *Trial) readLog(st *echotest.Stage, sc echotest.Scenario) *echotest.Failure {
	events, err := st.Server.Log()
	if err != nil {
		failure := echotest.ServerFailure("every line of its log to be whole and of a known form", err.Error())
		if tr.Workers {
			failure.Came = "one is torn, or mixed with another" // which one is not fixed
		}
		return failure
	}
	if tr.Logs == "" {
		return nil
	}
	golden, err := server.ReadFile(filepath.Join(tr.Logs, sc.Name+".log"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	view := sc.View
	if tr.Workers {
		view = max(view, logfile.ByConnection)
	}
	want, came := string(golden), logfile.Render(events, view, st.Names())
	if len(tr.Args) > 0 {
		want, came = logfile.ClientLines(want), logfile.ClientLines(came)
	}
	failure := firstOtherLine(strings.Split(want, "\n"), strings.Split(came, "\n"))
	if failure != nil && tr.Workers {
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
