package workertest

import (
	"syscall"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/logfile"
)

// Scenarios are those that are about worker processes.
var Scenarios = []echotest.Scenario{
	{
		Name:  "worker-killed",
		Story: "A worker is killed: its clients lose their connections, the others notice nothing, and it comes back under its name.",
		View:  logfile.Collapsed,
		Needs: []echotest.Need{echotest.WorkerProcesses},
		Play: func(st *echotest.Stage) {
			alice := st.Client("alice")
			alice.Echo("hello")
			st.ExpectLog(logfile.DataSent, alice) // whoever is killed before that logs no more
			victim := Of(st, alice)
			Suspend(victim) // so that bob gets another one
			bob := st.Client("bob")
			bob.Echo("hello")
			Signal(victim, syscall.SIGKILL)
			alice.ExpectLoss()
			Expect(st, victim.Name, "stopped exitcode=-SIGKILL", 0)
			st.ExpectIdle() // whatever the supervisor does to the others is done
			bob.Echo("still there?")
			Expect(st, victim.Name, "started", victim.ID)
			bob.Leave()
		},
	},
}
