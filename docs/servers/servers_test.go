package servers

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/server"
)

const verdictsFile = "testdata/verdicts.tsv"

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

// telling are the scenarios that tell servers from each other. Most tests play
// these of what a server passes, and one scenario of each way to fail.
var telling = []string{
	"echo", "second-speaks-first", "half-close-in-one-batch", "reset", "both-stall", "told-to-stop", "no-descriptor-left",
}

// TestOtherServers plays the scenarios that tell the servers apart, and holds each
// server to its verdict. It plays all if it may take its time, or keeps what it
// finds.
func TestOtherServers(t *testing.T) {
	t.Parallel()
	if echotest.TakesTime() {
		needDescriptors(t, 16_384)
	}
	needDescriptors(t, 4096)
	known, err := Read(verdictsFile)
	if err != nil && !(errors.Is(err, os.ErrNotExist) && echotest.Updates()) {
		t.Fatal(err)
	}
	var mu sync.Mutex
	news := Verdicts{}
	maps.Copy(news, known)
	t.Cleanup(func() {
		if !echotest.Updates() {
			return
		}
		if err := news.Write(verdictsFile); err != nil {
			t.Error(err)
		}
	})
	for _, s := range All {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			found := judge(command(t, s), chosen(s, known))
			if echotest.Updates() {
				mu.Lock()
				defer mu.Unlock()
				news[s.Name] = outcomes(found)
				return
			}
			for scenario, v := range found {
				if came := outcome(v); came != known[s.Name][scenario] {
					t.Errorf("%s: expected the verdict %q, but it is %q:\n%v", scenario, known[s.Name][scenario], came, v.Failure)
				}
			}
		})
	}
}

// chosen returns the scenarios that a test plays.
func chosen(s Server, known Verdicts) []echotest.Scenario {
	if echotest.TakesTime() {
		return s.Scenarios()
	}
	var names []string
	for _, g := range known.groups(s) {
		if g.outcome == Passes {
			g.scenarios = slices.DeleteFunc(g.scenarios, func(name string) bool { return !slices.Contains(telling, name) })
		} else {
			g.scenarios = g.scenarios[:1]
		}
		names = append(names, g.scenarios...)
	}
	return slices.DeleteFunc(named(names...), func(sc echotest.Scenario) bool {
		// One that spins takes a processor for seconds, so one such server is enough.
		spins := known[s.Name][sc.Name] == spinning && s.Kind != Wrong
		return spins || sc.Name == "crowd" // and a crowd of processes takes longer
	})
}

// spinning is the outcome of a server that uses processor time for nothing.
const spinning = "it is busy all the time"

// named returns scenarios, in their order.
func named(names ...string) []echotest.Scenario {
	return slices.DeleteFunc(slices.Clone(echotest.Scenarios), func(sc echotest.Scenario) bool { return !slices.Contains(names, sc.Name) })
}

// TestVerdicts holds the verdicts to what the kinds of servers deserve, and to the
// scenarios that there are.
func TestVerdicts(t *testing.T) {
	known, err := Read(verdictsFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range All {
		passed := 0
		for _, sc := range s.Scenarios() {
			outcome, ok := known[s.Name][sc.Name]
			if !ok {
				t.Errorf("%s: no verdict on %s; go test -update keeps it", s.Name, sc.Name)
			}
			if outcome == Passes {
				passed++
			}
		}
		if len(known[s.Name]) != len(s.Scenarios()) {
			t.Errorf("%s: expected verdicts on %d scenarios, but there are %d", s.Name, len(s.Scenarios()), len(known[s.Name]))
		}
		if isRight := passed == len(s.Scenarios()); isRight != (s.Kind == Right) {
			t.Errorf("%s: expected a server that is %s, but it passes %d of %d scenarios", s.Name, s.Kind, passed, len(s.Scenarios()))
		}
		delete(known, s.Name)
	}
	for name := range known {
		t.Errorf("there are verdicts on %s, but there is no such server", name)
	}
}

// judge plays scenarios against the server that a command starts. Some are played
// at the same time: most of the time that a failure takes is waiting.
func judge(command string, scenarios []echotest.Scenario) map[string]echotest.Verdict {
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
	for _, sc := range scenarios {
		left <- sc
	}
	close(left)
	players.Wait()
	return found
}

// outcomes returns the outcome of each verdict.
func outcomes(found map[string]echotest.Verdict) map[string]string {
	all := map[string]string{}
	for scenario, v := range found {
		all[scenario] = outcome(v)
	}
	return all
}

// outcome returns Passes, or the words that say why a server failed: the same in
// every run.
func outcome(v echotest.Verdict) string {
	failure := (*echotest.Failure)(nil)
	switch {
	case v.Failure == nil:
		return Passes
	case !errors.As(v.Failure, &failure):
		return v.Failure.Error() // it did not start
	case failure.Cause != nil:
		failure = failure.Cause
	case failure.Ended != "" && failure.Ended != "exit status 0":
		return failure.Ended
	}
	if status := ended.FindStringSubmatch(failure.Came); status != nil {
		return status[1]
	}
	part := partly.FindStringSubmatch(failure.Came)
	switch {
	case part == nil:
		words, _, _ := strings.Cut(failure.Came, ":")
		return words
	case strings.Contains(failure.Came, "; the first that differs"):
		return "other bytes came"
	case part[1] != "":
		return part[1]
	}
	return "only a part came"
}

// What is not the same in every run: what a server wrote to standard error before
// it ended, and how much of a message came.
var (
	ended  = regexp.MustCompile(`^it ended with (exit status \d+|signal: \w+)`)
	partly = regexp.MustCompile(`^\d+ of \d+ bytes came(?:, then (.*))?`)
)
