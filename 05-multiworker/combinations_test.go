package main

import (
	"testing"

	"example.com/echo/01-blocking/echotest"
)

// TestCombinations plays scenarios against every combination of -kind, -loop
// and -listen. What the log tells of clients is the same for all.
func TestCombinations(t *testing.T) {
	scenarios := []string{"echo", "half-close", "reset", "second-speaks-first", "two-curls", "told-to-stop"}
	for _, kind := range []string{"process", "thread"} {
		for _, loop := range []string{"select", "poll", "epoll", "blocking"} {
			for _, listen := range []string{"shared", "reuseport"} {
				only := scenarios
				if loop == "blocking" && listen == "reuseport" {
					// The kernel may deal both clients to one worker, which serves one at a time.
					only = []string{"echo", "half-close", "reset", "told-to-stop"}
				}
				t.Run(kind+"-"+loop+"-"+listen, func(t *testing.T) {
					echotest.Run(t, echotest.Lesson{
						Args:        []string{"-kind", kind, "-loop", loop, "-listen", listen},
						Only:        only,
						Workers:     true,
						ClientsOnly: true,
					})
				})
			}
		}
	}
}

// TestThreads holds the whole log of -kind thread against its golden file.
func TestThreads(t *testing.T) {
	echotest.Run(t, echotest.Lesson{
		Args:    []string{"-kind", "thread"},
		Only:    []string{"two-curls"},
		Workers: true,
		Golden:  "testdata/thread",
	})
}
