package faults

import (
	"os"
	"slices"
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

// takesTime reports whether tests may play what takes as long as all the rest.
func takesTime() bool { return os.Getenv("TAKE_TIME") != "" || echotest.Updates() }

// played returns the names of the scenarios that a combination plays.
func played() (names []string) {
	for _, sc := range slices.Concat(echotest.Scenarios, workertest.Scenarios) {
		isLong := sc.Name == "long-stream" || sc.Name == "crowd" // each lesson plays them
		if !isLong || takesTime() {
			names = append(names, sc.Name)
		}
	}
	return names
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
					Only:        played(),
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
