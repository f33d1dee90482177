// Package servers holds the scenarios to a fair verdict: it plays them against
// servers of other languages, right and wrong ones, whose verdict is known.
package servers

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/server"
)

// TestMain lets go test take notice of the servers, which other programs read.
func TestMain(m *testing.M) {
	sources, _ := filepath.Glob("testdata/*")
	for _, source := range sources {
		if source, err := filepath.Abs(source); err == nil {
			server.Note(source)
		}
	}
	echotest.Main(m)
}

// A verdict is what a server of testdata deserves.
type verdict struct {
	// fails has the scenarios that it must fail, with words that its failure must
	// have: they say why.
	fails map[string]string
	// canFail has those that it fails only if it is quick, or slow. They prove
	// nothing, and are not played.
	canFail []string
	// remarks has words that are said of scenarios that it passes.
	remarks map[string]string
}

const (
	dies  = "Error: [Errno" // of a reset; a Python server then ends with a traceback
	waits = "nothing came"
)

var verdicts = map[string]verdict{
	"right_select.c":     {remarks: map[string]string{"crowd": "served 1020 at once, the next waited until one of them left"}},
	"right_poll.c":       {},
	"right_selectors.py": {},
	"right_asyncio.py":   {},
	"right.js":           {},
	"right_net.go":       {},
	"wrong_spins.py": {fails: map[string]string{
		"no-descriptor-left": "it is busy all the time",
	}},
	"wrong_dies_on_reset.py": {fails: map[string]string{
		"reset":                   dies,
		"reset-among-others":      dies,
		"reset-in-the-queue":      dies,
		"reset-with-an-echo-owed": dies,
		"never-reads":             dies,
		"many-leave-in-one-batch": dies,
		"gone-before-its-echo":    dies,
		"idle":                    dies,
	}},
	"wrong_forgets_half_close.py": {
		fails: map[string]string{
			"half-close-in-one-batch": "the stream ended",
			"long-queue":              "the stream ended",
		},
		canFail: []string{"half-close", "long-stream", "both-stall"},
	},
	"wrong_ignores_sigterm.py": {fails: map[string]string{
		"told-to-stop":              "it ignores SIGTERM",
		"told-to-stop-while-idle":   "it ignores SIGTERM",
		"told-to-stop-with-a-queue": "it ignores SIGTERM",
	}},
	"wrong_mixes_clients.py": {fails: map[string]string{
		"never-reads":             " came",
		"reset-with-an-echo-owed": " came",
		"gone-before-its-echo":    " came",
		"both-stall":              "other bytes came",
	}},
	"wrong_blocks.py": {fails: map[string]string{
		"second-speaks-first":       waits,
		"two-curls":                 waits,
		"reset-among-others":        waits,
		"never-reads":               waits,
		"crowd":                     waits,
		"idle":                      waits,
		"many-leave-in-one-batch":   waits,
		"told-to-stop":              "signal: terminated",
		"told-to-stop-while-idle":   "signal: terminated",
		"told-to-stop-with-a-queue": "signal: terminated",
	}},
}

// telling are the scenarios that tell the wrong servers from each other.
var telling = []string{
	"echo", "second-speaks-first", "half-close-in-one-batch", "reset", "both-stall", "told-to-stop", "no-descriptor-left",
}

// TestOtherServers plays all scenarios against the right servers, and against a
// wrong one those that it fails, and that the others fail.
func TestOtherServers(t *testing.T) {
	for name, deserved := range verdicts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			isPlayed := func(scenario string) bool {
				_, fails := deserved.fails[scenario]
				isTelling := slices.Contains(telling, scenario) && !slices.Contains(deserved.canFail, scenario)
				return deserved.fails == nil || fails || isTelling
			}
			for scenario, v := range judge(command(t, name)+" {host} {port}", isPlayed) {
				deserved.compare(t, scenario, v)
			}
		})
	}
}

func (d verdict) compare(t *testing.T, scenario string, v echotest.Verdict) {
	words, fails := d.fails[scenario]
	switch {
	case fails && v.Failure == nil:
		t.Errorf("%s: passes, but deserves to fail", scenario)
	case fails && !strings.Contains(v.Failure.Error(), words):
		t.Errorf("%s: fails, but not with the words %q:\n%v", scenario, words, v.Failure)
	case !fails && v.Failure != nil:
		t.Errorf("%s: deserves to pass, but fails:\n%v", scenario, v.Failure)
	case !strings.Contains(v.Remark, d.remarks[scenario]):
		t.Errorf("%s: expected the remark %q, but it is %q", scenario, d.remarks[scenario], v.Remark)
	}
}

// judge plays scenarios against the server that a command starts. Some are played
// at the same time: most of the time that a failure takes is waiting.
func judge(command string, isPlayed func(scenario string) bool) map[string]echotest.Verdict {
	var mu sync.Mutex
	found := map[string]echotest.Verdict{}
	var players sync.WaitGroup
	left := make(chan echotest.Scenario)
	for range 4 {
		players.Go(func() {
			for sc := range left {
				v := echotest.Judge(command, sc)
				mu.Lock()
				found[sc.Name] = v
				mu.Unlock()
			}
		})
	}
	for _, sc := range echotest.Scenarios {
		if isPlayed(sc.Name) && !slices.Contains(sc.Needs, echotest.WorkerProcesses) { // a server need not have any
			left <- sc
		}
	}
	close(left)
	players.Wait()
	return found
}

// command returns the command that runs a server of testdata, which it builds if
// need be.
func command(t *testing.T, name string) string {
	t.Helper()
	needLinux(t)
	source, err := filepath.Abs(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	switch filepath.Ext(name) {
	case ".c":
		return build(t, "gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", "", source)
	case ".go":
		return build(t, "go", "build", "-o", "", source)
	case ".js":
		return need(t, "node") + " " + quote(source)
	}
	return python(t) + " " + quote(source)
}

// python returns the interpreter itself: python3 can be a script that looks for
// it, and takes longer than all the rest of a short scenario.
func python(t *testing.T) string {
	t.Helper()
	path, err := exec.Command(need(t, "python3"), "-c", "import sys; assert sys.version_info >= (3, 8); print(sys.executable)").Output()
	if err != nil {
		t.Skip("needs python3 of version 3.8 or later: ", err)
	}
	return quote(strings.TrimSpace(string(path)))
}

// build runs a compiler and returns the program, whose path comes after -o.
func build(t *testing.T, compiler string, args ...string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "server")
	args[slices.Index(args, "-o")+1] = program
	if out, err := exec.Command(need(t, compiler), args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return quote(program)
}

func needLinux(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("needs /proc, to see that a server listens")
	}
}

// need returns a program that this machine may lack.
func need(t *testing.T, program string) string {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skip("needs ", program, ": ", err)
	}
	return program
}

// quote quotes a path for the shell.
func quote(path string) string { return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'" }

// TestTable holds the table in README.md to the verdicts.
func TestTable(t *testing.T) {
	table := "| server | verdict |\n|---|---|\n"
	for _, name := range slices.Sorted(maps.Keys(verdicts)) {
		verdict := "passes"
		if fails := slices.Sorted(maps.Keys(verdicts[name].fails)); len(fails) > 0 {
			verdict = "fails " + strings.Join(fails, ", ")
		}
		if canFail := verdicts[name].canFail; len(canFail) > 0 {
			verdict += "; can fail " + strings.Join(canFail, ", ")
		}
		table += fmt.Sprintf("| [%s](testdata/%[1]s) | %s |\n", name, verdict)
	}
	page, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(string(page), "\n\n"+table) {
		t.Errorf("expected README.md to end with the table\n%s", table)
	}
}
