package main

import (
	"testing"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/commandline"
	"example.com/echo/05-multiworker/workertest"
)

func TestMain(m *testing.M) { echotest.Main(m) }

func TestScenarios(t *testing.T) {
	t.Parallel()
	echotest.Run(t, echotest.Lesson{
		Outcomes: "process-select",
		Workers:  true,
		More:     workertest.Scenarios})
}

func TestCommandLine(t *testing.T) {
	t.Parallel()
	commandline.BadInput(t,
		commandline.Invocation{Args: "-workers 0", Status: 2, Line: `invalid value "0" for flag -workers: want 1 to 1000`},
		commandline.Invocation{Args: "-workers 10000", Status: 2, Line: `invalid value "10000" for flag -workers: want 1 to 1000`},
		commandline.Invocation{Args: "-workers many", Status: 2, Line: `invalid value "many" for flag -workers: parse error`},
		commandline.Invocation{Args: "-kind goroutine", Status: 2, Line: `invalid value "goroutine" for flag -kind: want process, thread`},
		commandline.Invocation{Args: "-loop kqueue", Status: 2, Line: `invalid value "kqueue" for flag -loop: want select, poll, epoll`},
		commandline.Invocation{Args: "-listen exclusive", Status: 2, Line: `-listen exclusive: only with -loop epoll`},
		commandline.Invocation{Args: "-listen none", Status: 2, Line: `invalid value "none" for flag -listen: want shared, exclusive, reuseport`},
	)
}

func TestQuiet(t *testing.T) { t.Parallel(); commandline.Quiet(t) }

func TestClosedLog(t *testing.T) { t.Parallel(); commandline.ClosedLog(t) }

func TestClosedErrors(t *testing.T) { t.Parallel(); commandline.ClosedErrors(t) }

func TestFullLog(t *testing.T) { t.Parallel(); commandline.FullLog(t) }

func TestFewDescriptors(t *testing.T) { t.Parallel(); commandline.FewDescriptors(t) }

func TestHighDescriptor(t *testing.T) { t.Parallel(); commandline.HighDescriptor(t, 1043) }
