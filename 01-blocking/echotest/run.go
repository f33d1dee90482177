package echotest

import (
	"flag"
	"os"
	"slices"
	"syscall"
	"testing"
	"time"

	"example.com/echo/01-blocking/echotest/logfile"
	"example.com/echo/01-blocking/echotest/scratch"
	"example.com/echo/01-blocking/echotest/server"
)

var (
	update  = flag.Bool("update", false, "rewrite the golden files in testdata")
	foreign = flag.String("server", "", "play the scenarios against the server that this command starts; {addr} in it stands for HOST:PORT, {host} and {port} for its parts")
)

// Updates reports whether golden files are to be rewritten.
func Updates() bool { return *update }

// TakesTime reports whether tests play all, also what takes long: with TAKE_TIME in
// the environment, and where golden files are to be rewritten.
func TakesTime() bool { return os.Getenv("TAKE_TIME") != "" || Updates() }

// Main runs the tests of a package, many at a time; to be called from its TestMain.
// It removes the programs that were built for them.
func Main(m *testing.M) {
	flag.Parse()
	shareDescriptors()
	code := m.Run()
	scratch.RemoveAll()
	os.Exit(code)
}

// A Lesson is a server that faces the scenarios.
type Lesson struct {
	// Args are flags for the program.
	Args []string
	// Fails has the scenarios that this server cannot pass.
	Fails map[string]Limit
	// Lacks has what this server cannot be asked for, and why. Scenarios that
	// need it are not played.
	Lacks map[Need]string
	// More are scenarios that this lesson faces beside those of all.
	More []Scenario
	// Only are the names of the scenarios to play; none means all. Except are those
	// not to play.
	Only, Except []string
	// Workers says that there are several workers, so that the order of events
	// between connections is not fixed.
	Workers bool
	// Golden is the directory of the golden files, in testdata; "" is testdata.
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

// Run plays the scenarios against the lesson's program, each as a test of its
// own with a server of its own.
func Run(t *testing.T, lesson Lesson) {
	if *foreign != "" {
		if len(lesson.Args) > 0 || lesson.Command != "" {
			SkipForeign(t)
		}
		lesson.Command, lesson.Logs = *foreign, false
	}
	results := &outcomes{lines: map[string]string{}}
	if lesson.Command == "" {
		t.Cleanup(func() { results.compare(t, &lesson) })
	}
	for _, sc := range lesson.scenarios() {
		if why, lacks := lesson.lacks(sc); lacks && !lesson.isJudged() {
			results.notToBeHad(sc, why)
			continue
		}
		if len(lesson.Only) > 0 && !slices.Contains(lesson.Only, sc.Name) || slices.Contains(lesson.Except, sc.Name) {
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

func (l *Lesson) scenarios() []Scenario { return slices.Concat(Scenarios, l.More) }

// lacks returns why the lesson cannot be asked for what the scenario needs.
func (l *Lesson) lacks(sc Scenario) (why string, lacks bool) {
	for _, need := range sc.Needs {
		if why, lacks := l.Lacks[need]; lacks {
			return why, true
		}
	}
	return "", false
}

// Play starts the lesson's program with args, and plays a script that is one
// test's own. It ends the server.
func Play(t *testing.T, script func(*Stage), args ...string) {
	t.Helper()
	s, err := server.Start(Program(t), args...)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Kill()
	st := &Stage{Server: s}
	defer st.CloseClients()
	if failure := st.Play(script); failure != nil {
		st.Locate(failure)
		t.Fatalf("%v%s", failure, s.LastLines(st.Names()))
	}
}

// Program builds the lesson's program, and returns its path; flags are more
// flags for go build. A test that needs it does not run with -server.
func Program(t *testing.T, flags ...string) (path string) {
	t.Helper()
	SkipForeign(t)
	lesson, err := server.Lesson()
	if err != nil {
		t.Fatal(err)
	}
	if path, err = server.Build(lesson, flags...); err != nil {
		t.Fatal(err)
	}
	return path
}

// Scratch returns a new directory where programs can run. It is gone when the test
// has ended, or with the next run of any test.
func Scratch(t *testing.T) string {
	t.Helper()
	dir, err := scratch.Dir()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// SkipForeign skips a test that is about the lesson's own program if the flag
// -server names another one.
func SkipForeign(t *testing.T) {
	t.Helper()
	if *foreign != "" {
		t.Skip("tests the lesson's own program, so it does not run with -server")
	}
}

// run plays a scenario and returns how it failed, if the lesson says that it
// does; every other failure is the test's.
func (l *Lesson) run(t *testing.T, sc Scenario) *Failure {
	t.Log(sc.Story)
	NeedDescriptors(t, sc.Clients)
	s := l.start(t)
	defer s.Kill()
	if l.isJudged() {
		l.judge(t, sc, s)
		return nil
	}
	limit, fails := l.Fails[sc.Name]
	if fails {
		t.Logf("expected to fail: %s", limit.Why)
	}
	stage := &Stage{Server: s, Patience: limit.patience}
	defer stage.CloseClients()
	failure := stage.Play(sc.Play)
	if failure == nil && fails {
		t.Fatalf("passed, but is documented to fail, because %s", limit.Why)
	}
	if failure != nil && !fails {
		stage.Locate(failure)
		t.Fatalf("%v%s", failure, s.LastLines(stage.Names()))
	}
	if failure != nil && !l.ClientsOnly {
		l.compare(t, sc.Name+".failure", failure.Golden())
	}
	l.finish(t, stage, failure != nil)
	if s.Logs() && !(failure != nil && l.ClientsOnly) {
		l.compareLog(t, sc, stage)
	}
	return failure
}

// isJudged reports whether the server is the reader's own. It need not be like the
// lesson's.
func (l *Lesson) isJudged() bool { return l.Command != "" && !l.Logs }

// judge plays a scenario against the reader's own server. If that writes the event
// log and does what the lesson's does, the log is compared too, but for workers: it
// may have none.
func (l *Lesson) judge(t *testing.T, sc Scenario, s *server.Server) {
	if slices.Contains(sc.Needs, WorkerProcesses) {
		t.Skipf("needs %s", WorkerProcesses)
	}
	stage := &Stage{Server: s}
	defer stage.CloseClients()
	verdict := stage.judge(sc)
	if verdict.Failure != nil {
		t.Fatalf("%v%s", verdict.Failure, s.LastLines(stage.Names()))
	}
	if verdict.Remark != "" {
		t.Log(verdict.Remark)
	}
	_, fails := l.Fails[sc.Name]
	_, lacks := l.lacks(sc)
	if !s.Logs() || l.Workers || fails || lacks || verdict.Remark != "" {
		return
	}
	if s.Signal(syscall.SIGTERM); !s.AwaitEnd(server.Idle) {
		t.Fatalf("the server expected to end, but %s", s.Stays())
	}
	l.compareLog(t, sc, stage)
}

// patience is short for the one client that waits in vain.
func (limit Limit) patience(failure *Failure) time.Duration {
	if failure.Who == limit.Who {
		return ExpectedIdle
	}
	return server.Idle
}

// finish lets the clients leave, and stops the server. After a failure it may
// have ended before.
func (l *Lesson) finish(t *testing.T, stage *Stage, failed bool) {
	t.Helper()
	stage.Patience = nil
	if !failed || !stage.Server.HasEnded() {
		if failure := stage.Clear(); failure != nil {
			t.Fatalf("in the end: %v%s", failure, stage.Server.LastLines(stage.Names()))
		}
	}
	if err := stage.Server.Stop(); err != nil {
		t.Fatal(err)
	}
	if text := stage.Server.Errors(); text != "" && l.Command == "" {
		t.Errorf("on standard error: %s", text)
	}
}

// compareLog holds the whole log against its golden file.
func (l *Lesson) compareLog(t *testing.T, sc Scenario, stage *Stage) {
	events, err := stage.Server.Log()
	if err != nil {
		t.Fatal(err)
	}
	view := sc.View
	if l.Workers {
		view = max(view, logfile.ByConnection)
	}
	l.compare(t, sc.Name+".log", logfile.Render(events, view, stage.Names()))
}

func (l *Lesson) start(t *testing.T) *server.Server {
	t.Helper()
	var s *server.Server
	var err error
	switch {
	case l.Logs:
		s, err = server.StartOther(l.Command)
	case l.Command != "":
		s, err = server.StartForeign(l.Command)
	default:
		s, err = server.Start(Program(t), l.Args...)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}
