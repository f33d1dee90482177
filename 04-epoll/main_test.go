package main

import (
	"testing"

	"example.com/echo/01-blocking/echotest"
)

func TestMain(m *testing.M) { echotest.Main(m) }

func TestScenarios(t *testing.T) {
	echotest.Run(t, echotest.Lesson{Outcomes: "04-epoll"})
}

func TestCommandLine(t *testing.T) {
	echotest.CommandLine(t)
}

func TestQuiet(t *testing.T) { echotest.Quiet(t) }

func TestClosedLog(t *testing.T) { echotest.ClosedLog(t) }
