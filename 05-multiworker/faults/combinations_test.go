package faults

import (
	"testing"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/05-multiworker/workertest"
)

var (
	kinds = []string{"process", "thread"}
	loops = []string{"select", "poll", "epoll", "blocking"}
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
	"process-blocking": {
		"crowd":                   {Who: "crowd-5", Why: "each of the four workers waits inside read for its client"},
		"many-leave-in-one-batch": {Who: "old-5", Why: "each of the four workers waits inside read for its client"},
	},
	"thread-blocking": {
		"crowd":                   {Who: "crowd-5", Why: "each of the four workers waits inside read for its client"},
		"many-leave-in-one-batch": {Who: "old-5", Why: "each of the four workers waits inside read for its client"},
	},
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
			only := []string{"echo", "half-close", "reset", "told-to-stop", "second-speaks-first", "two-curls"}
			if loop == "blocking" {
				only = only[:4] // the kernel may deal two clients to one worker, which serves one at a time
			}
			t.Run(kind+"-"+loop, func(t *testing.T) {
				t.Parallel()
				echotest.Run(t, echotest.Lesson{
					Args:        []string{"-kind", kind, "-loop", loop, "-listen", "reuseport"},
					Only:        only,
					Workers:     true,
					ClientsOnly: true,
				})
			})
		}
	}
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
