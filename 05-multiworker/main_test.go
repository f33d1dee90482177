package main

import (
	"testing"

	"example.com/echo/01-blocking/echotest"
)

func TestMain(m *testing.M) { echotest.Main(m) }

func TestScenarios(t *testing.T) {
	t.Parallel()
	echotest.Run(t, echotest.Lesson{
		Outcomes: "process-select",
		Workers:  true, Processes: true})
}

func TestCommandLine(t *testing.T) {
	t.Parallel()
	echotest.CommandLine(t,
		echotest.Invocation{Args: "-workers 0", Status: 2, Line: `invalid value "0" for flag -workers: want 1 to 1000`},
		echotest.Invocation{Args: "-workers 10000", Status: 2, Line: `invalid value "10000" for flag -workers: want 1 to 1000`},
		echotest.Invocation{Args: "-workers many", Status: 2, Line: `invalid value "many" for flag -workers: parse error`},
		echotest.Invocation{Args: "-kind goroutine", Status: 2, Line: `invalid value "goroutine" for flag -kind: want process, thread`},
		echotest.Invocation{Args: "-loop kqueue", Status: 2, Line: `invalid value "kqueue" for flag -loop: want select, poll, epoll`},
		echotest.Invocation{Args: "-listen exclusive", Status: 2, Line: `-listen exclusive: only with -loop epoll`},
		echotest.Invocation{Args: "-listen none", Status: 2, Line: `invalid value "none" for flag -listen: want shared, exclusive, reuseport`},
	)
}

func TestQuiet(t *testing.T) { t.Parallel(); echotest.Quiet(t) }

func TestClosedLog(t *testing.T) { t.Parallel(); echotest.ClosedLog(t) }

func TestHighDescriptor(t *testing.T) { t.Parallel(); echotest.HighDescriptor(t, 1043) }
