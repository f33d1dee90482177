package faults

import (
	"testing"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/05-multiworker/workertest"
)

var (
	kinds = []string{"process", "thread"}
	loops = []string{"select", "poll", "epoll"}
)

// lacks has what a -kind cannot be asked for.
var lacks = map[string]map[echotest.Need]string{
	"thread": {echotest.WorkerProcesses: "it has no worker processes"},
}

// limits has what a combination of -kind and -loop cannot do. Its name is also
// that of the file of its outcomes.
var limits = map[string]map[string]echotest.Limit{
	"thread-select": {
		"crowd": {Who: "crowd-1014", Why: "threads share one table of descriptors, and select cannot watch one above 1023"},
	},
}

// tooLong returns the scenarios that take as long as all the others, and that each
// lesson plays.
func tooLong() []string {
	if echotest.TakesTime() {
		return nil
	}
	return []string{"long-stream", "crowd"}
}

// TestCombinations plays the scenarios against every combination of -kind and
// -loop. What the log tells of clients is the same for all.
func TestCombinations(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		for _, loop := range loops {
			name := kind + "-" + loop
			if name == "process-select" {
				continue // the default, which TestScenarios plays
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				echotest.Run(t, echotest.Lesson{
					Args:        []string{"-kind", kind, "-loop", loop},
					Fails:       limits[name],
					Outcomes:    name,
					Workers:     true,
					More:        workertest.Scenarios,
					Except:      tooLong(),
					Lacks:       lacks[kind],
					ClientsOnly: true,
				})
			})
		}
	}
}

// TestReuseport plays a few scenarios against workers that have a listening
// socket each.
func TestReuseport(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		for _, loop := range loops {
			playSome(t, kind, loop, "reuseport")
		}
	}
}

// TestExclusive plays the same against workers of whom the kernel wakes one.
func TestExclusive(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		playSome(t, kind, "epoll", "exclusive")
	}
}

func playSome(t *testing.T, kind, loop, listen string) {
	t.Run(kind+"-"+loop, func(t *testing.T) {
		t.Parallel()
		echotest.Run(t, echotest.Lesson{
			Args:        []string{"-kind", kind, "-loop", loop, "-listen", listen},
			Only:        []string{"echo", "half-close", "reset", "told-to-stop", "second-speaks-first", "two-curls"},
			Workers:     true,
			ClientsOnly: true,
		})
	})
}

// TestThreads holds the whole log of -kind thread against its golden file.
func TestThreads(t *testing.T) {
	t.Parallel()
	echotest.Run(t, echotest.Lesson{
		Args:    []string{"-kind", "thread"},
		Only:    []string{"two-curls"},
		Workers: true,
		Golden:  "thread",
	})
}
