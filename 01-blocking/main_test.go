package main

import (
	"testing"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/commandline"
)

func TestMain(m *testing.M) { echotest.Main(m) }

func TestScenarios(t *testing.T) {
	t.Parallel()
	echotest.Run(t, echotest.Lesson{
		Outcomes: "01-blocking",
		Lacks: map[echotest.Need]string{
			echotest.GoodStop: "it hears nothing while it waits inside read, and just ends",
		},
		Fails: map[string]echotest.Limit{
			"second-speaks-first":     {Who: "bob", Why: "the server waits inside read for alice"},
			"two-curls":               {Who: "client-2", Why: "the server waits inside read for the first curl"},
			"reset-among-others":      {Who: "mallory", Why: "the server waits inside read for alice"},
			"never-reads":             {Who: "alice", Why: "the server waits inside write for mallory"},
			"crowd":                   {Who: "crowd-2", Why: "the server waits inside read for the first of the crowd"},
			"idle":                    {Who: "bob", Why: "the server waits inside read for alice"},
			"told-to-stop-while-idle": {Who: "bob", Why: "the server waits inside read for alice, and just ends"},
			"many-leave-in-one-batch": {Who: "old-2", Why: "the server waits inside read for the first"},
		}})
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
