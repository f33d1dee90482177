package echotest

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	update  = flag.Bool("update", false, "rewrite the golden files in testdata")
	foreign = flag.String("server", "", "play the scenarios against the server that this command starts; {addr} in it stands for HOST:PORT")
)

// A Lesson is a server that faces the scenarios.
type Lesson struct {
	// Args are flags for the program.
	Args []string
	// Fails has the scenarios that this server cannot pass.
	Fails map[string]Limit
	// Only are the scenarios to play; none means all.
	Only []string
	// Workers says that there are several workers, so that the order of events
	// between connections is not fixed; Processes that they are processes.
	Workers, Processes bool
	// Golden is the directory of the golden files; "" means testdata.
	Golden string
	// ClientsOnly compares only what the log tells of clients: for a server that
	// has other workers than the one that the golden files are of.
	ClientsOnly bool
	// Outcomes is the name of the golden file that keeps what became of each
	// scenario; "" keeps nothing. The behaviour matrix is made of these files.
	Outcomes string
	// Command starts another server than the lesson's program; see the flag
	// -server. Logs says that it certainly writes the event log.
	Command string
	Logs    bool
}

// A Limit says how a lesson fails a scenario: the client that waits in vain,
// and why. The exact words of the failure are in the golden file NAME.failure.
type Limit struct {
	Who string
	Why string
}

// Run plays the scenarios against the lesson's program, which is in the current
// directory, each as a test of its own with a server of its own.
func Run(t *testing.T, lesson Lesson) {
	if *foreign != "" {
		lesson.Command, lesson.Logs = *foreign, false
	}
	results := &outcomes{lines: map[string]string{}}
	if lesson.Command == "" {
		t.Cleanup(func() { results.compare(t, &lesson) })
	}
	for _, sc := range Scenarios {
		if sc.Workers && !lesson.Processes {
			results.notToBeHad(sc, "it has no worker processes")
			continue
		}
		if len(lesson.Only) > 0 && !slices.Contains(lesson.Only, sc.Name) {
			continue
		}
		t.Run(sc.Name, func(t *testing.T) {
			t.Parallel()
			if failure := lesson.run(t, sc); failure != nil {
				results.failed(sc, failure, lesson.Fails[sc.Name])
			} else {
				results.served(sc)
			}
		})
	}
}

// Play starts the program in the current directory with args, and plays a
// script that is one test's own. It ends the server.
func Play(t *testing.T, script func(*Stage), args ...string) {
	t.Helper()
	lesson := Lesson{Args: args}
	server, err := lesson.start()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Kill()
	if failure := (&Stage{Server: server}).play(script); failure != nil {
		t.Fatalf("%v%s", failure, lesson.lastLines(server))
	}
}

// run plays a scenario and returns how it failed, if the lesson says that it
// does; every other failure is the test's.
func (l *Lesson) run(t *testing.T, sc Scenario) *Failure {
	t.Log(sc.Story)
	server, err := l.start()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Kill()
	limit, fails := l.Fails[sc.Name]
	if fails {
		t.Logf("expected to fail: %s", limit.Why)
	}
	stage := &Stage{Server: server, impatient: limit.Who}
	failure := stage.play(sc.Play)
	if failure == nil && fails {
		t.Fatalf("passed, but is documented to fail, because %s", limit.Why)
	}
	if failure != nil && !fails {
		t.Fatalf("%v%s", failure, l.lastLines(server))
	}
	if failure != nil && !l.ClientsOnly {
		l.compare(t, sc.Name+".failure", failure.Error())
	}
	if failure := stage.clear(); failure != nil {
		t.Fatalf("in the end: %v%s", failure, l.lastLines(server))
	}
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	if server.Logs() {
		l.compareLog(t, sc, stage, failure != nil)
	}
	if text := server.Errors(); text != "" && l.Command == "" {
		t.Errorf("on standard error: %s", text)
	}
	return failure
}

// compareLog holds the whole log against its golden file. The log of a failed
// scenario has one only where the lesson has golden files of its own.
func (l *Lesson) compareLog(t *testing.T, sc Scenario, stage *Stage, failed bool) {
	events, err := stage.Server.Log()
	if err != nil {
		t.Fatal(err)
	}
	if failed && l.ClientsOnly {
		return
	}
	view := sc.View
	if l.Workers {
		view = max(view, ByConnection)
	}
	l.compare(t, sc.Name+".log", render(events, view, stage.clients))
}

func (l *Lesson) start() (*Server, error) {
	switch {
	case l.Logs:
		return StartOther(l.Command)
	case l.Command != "":
		return StartForeign(l.Command)
	}
	path, err := Build(".")
	if err != nil {
		return nil, err
	}
	return Start(path, l.Args...)
}

// lastLines returns the end of the log, for a failure's text.
func (l *Lesson) lastLines(s *Server) string {
	events, err := s.Log()
	var b strings.Builder
	fmt.Fprintln(&b, "the log's last lines:")
	for _, e := range events[max(0, len(events)-5):] {
		b.WriteString("  " + (&renderer{}).line(e))
	}
	if err != nil {
		fmt.Fprintln(&b, err)
	}
	return b.String()
}

// compare holds text against the golden file, or rewrites that with -update.
func (l *Lesson) compare(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if l.Golden != "" {
		path = filepath.Join(l.Golden, name)
	}
	isOwn := l.Command == "" && !l.ClientsOnly
	if *update && isOwn {
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, []byte(text), 0o666)); err != nil {
			t.Error(err)
		}
		return
	}
	golden, err := os.ReadFile(path)
	if err != nil {
		t.Errorf("%v; go test -update writes it", err)
		return
	}
	want := string(golden)
	if !isOwn {
		want, text = withoutDescriptors(want), withoutDescriptors(text)
	}
	if l.ClientsOnly {
		want, text = clientLines(want), clientLines(text)
	}
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(text, "\n")); diff != "" {
		t.Errorf("%s is not as expected (-expected +came):\n%s", name, diff)
	}
}

var descriptor = regexp.MustCompile(`<socket\.socket fd=\d+`)

// withoutDescriptors hides what another program may number otherwise.
func withoutDescriptors(log string) string {
	return descriptor.ReplaceAllString(log, "<socket.socket fd=<fd>")
}

// clientLines leaves out the lines of the server and its workers.
func clientLines(log string) string {
	lines := slices.DeleteFunc(strings.SplitAfter(log, "\n"), func(line string) bool {
		return strings.HasPrefix(line, string(ServerCreated)) || strings.HasPrefix(line, string(WorkerState))
	})
	return strings.TrimLeft(strings.Join(lines, ""), "\n")
}
