package main

import (
	"testing"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/commandline"
)

func TestMain(m *testing.M) { echotest.Main(m) }

func TestScenarios(t *testing.T) {
	t.Parallel()
	echotest.Run(t, echotest.Lesson{Outcomes: "03-poll"})
}

func TestCommandLine(t *testing.T) {
	t.Parallel()
	commandline.BadInput(t)
}

func TestQuiet(t *testing.T) { t.Parallel(); commandline.Quiet(t) }

func TestClosedLog(t *testing.T) { t.Parallel(); commandline.ClosedLog(t) }

func TestClosedErrors(t *testing.T) { t.Parallel(); commandline.ClosedErrors(t) }

func TestFullLog(t *testing.T) { t.Parallel(); commandline.FullLog(t) }

func TestFewDescriptors(t *testing.T) { t.Parallel(); commandline.FewDescriptors(t) }
