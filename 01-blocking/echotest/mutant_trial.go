package echotest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// A trial is one play of a scenario against a program that may have any fault.
type trial struct {
	lesson   string // its directory
	scenario Scenario
	args     []string
}

// play returns how the scenario failed; "" if it did not.
func (t *trial) play(program string, fate *fate) string {
	server, err := Start(program, t.args...)
	if err != nil {
		return scrub((&Failure{Who: "server", Expected: "to start", Came: err.Error()}).Error())
	}
	st := &Stage{Server: server, fate: fate}
	defer func() { // its workers too, also those that a dead supervisor has left
		syscall.Kill(-st.Server.PID(), syscall.SIGKILL)
		st.Server.Kill()
	}()
	failure := st.play(t.scenario.Play)
	if failure == nil {
		failure = st.clear()
	}
	if failure != nil {
		failure = st.cause(failure)
	} else {
		failure = t.aftermath(st)
	}
	if failure == nil {
		return ""
	}
	return scrub(failure.Error())
}

// cause returns the failure that is behind a client's: if the server has ended
// with an error, that is the one to tell. Whether the client then meets a reset
// or an end is not fixed.
func (st *Stage) cause(failure *Failure) *Failure {
	patience := time.Duration(0)
	switch {
	case failure.Came == tooLate:
		return failure
	case st.fate.isUnknown:
		patience = shortPatience
	case strings.HasPrefix(st.fate.text, "server expected to go on\n"):
		patience = Patience
	}
	select {
	case <-st.Server.ended:
	case <-time.After(patience):
		return failure
	}
	if st.Server.ExitCode() <= 0 {
		return failure // the scenario has ended it
	}
	return &Failure{Who: "server", Expected: "to go on", Came: st.Server.end()}
}

// end says how a server has ended.
func (s *Server) end() string {
	first, _, _ := strings.Cut(s.Errors(), "\n")
	if s.endErr == nil {
		return "it ended with exit status 0: " + first
	}
	return fmt.Sprintf("it ended with %v: %s", s.endErr, first)
}

// aftermath ends the server, which has no clients any more, and looks at what
// is left of it: exit status, log and standard error.
func (t *trial) aftermath(st *Stage) *Failure {
	// Shorter than the time of grace, at whose end also a server stops that has
	// not noticed that it is to stop, or that nobody is left.
	const patience = 4 * time.Second
	slow := &Failure{Who: "server", Expected: "to end when it is told to and nobody is left", Came: "it does not"}
	st.Server.Signal(syscall.SIGTERM)
	select {
	case <-st.Server.ended:
	case <-time.After(st.fate.patience(slow, patience)):
		return slow
	}
	if st.Server.endErr != nil {
		return &Failure{Who: "server", Expected: "to end with exit status 0", Came: st.Server.end()}
	}
	if failure := t.readLog(st); failure != nil {
		return failure
	}
	if st.Server.Errors() != "" {
		return &Failure{Who: "server", Expected: "to write nothing to standard error", Came: "there is: " + st.Server.Errors()}
	}
	return nil
}

// readLog compares the log with the golden file that the lesson has of the
// scenario, if it has one.
func (t *trial) readLog(st *Stage) *Failure {
	areWorkers := filepath.Base(t.lesson) == "05-multiworker"
	events, err := st.Server.Log()
	if err != nil {
		failure := &Failure{Who: "server", Expected: "every line of its log to be whole and of a known form", Came: err.Error()}
		if areWorkers {
			failure.Came = "one is torn, or mixed with another" // which one is not fixed
		}
		return failure
	}
	golden, err := os.ReadFile(filepath.Join(t.lesson, "testdata", t.scenario.Name+".log"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	view := t.scenario.View
	if areWorkers {
		view = max(view, ByConnection)
	}
	want, came := string(golden), render(events, view, st.clients)
	if len(t.args) > 0 {
		want, came = clientLines(want), clientLines(came)
	}
	return firstOtherLine(strings.Split(want, "\n"), strings.Split(came, "\n"))
}

// firstOtherLine returns the failure of a log's first line that is not as
// wanted, or nil.
func firstOtherLine(want, came []string) *Failure {
	at := func(lines []string, i int) string {
		if i >= len(lines) || i == len(lines)-1 && lines[i] == "" {
			return "the end"
		}
		return lines[i]
	}
	for i := range max(len(want), len(came)) {
		if w, c := at(want, i), at(came, i); w != c {
			return &Failure{Who: "server", Expected: fmt.Sprintf("to log as line %d: %s", i+1, w), Came: "it logs:   " + c}
		}
	}
	return nil
}

var varying = regexp.MustCompile(`((?:pid=|parent=|', |0\.0\.\d:|:))\d{4,}|/\S+/`)

// scrub takes out of a text what is different in every run: ports, process ids
// and directories.
func scrub(text string) string {
	return varying.ReplaceAllString(text, "${1}…")
}
