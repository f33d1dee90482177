// Package workertest has what tests about worker processes need beyond echotest:
// who serves a client, what the log tells of a worker, and signals to one.
package workertest

import (
	"fmt"
	"syscall"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/logfile"
	"example.com/echo/01-blocking/echotest/procfs"
)

// Of returns the worker process that serves c: the one that has the other end of
// c's connection open. Linux only.
func Of(st *echotest.Stage, c *echotest.Client) logfile.Worker {
	st.ExpectLog(logfile.ClientCreated, c) // a worker can serve before the log says that it has started
	if _, ok := c.ServerEnd(); !ok {
		c.Fail("a connection to the server", "there is none")
	}
	for _, w := range Running(st) {
		if isHeldBy(c, w) {
			return w
		}
	}
	c.Fail("a worker to serve it", "none has its connection open")
	panic("unreachable")
}

// isHeldBy reports whether the worker has the other end of c's connection open.
func isHeldBy(c *echotest.Client, w logfile.Worker) bool {
	end, ok := c.ServerEnd()
	return ok && end.IsHeldBy(w.ID)
}

// Running returns the worker processes that are running, by the log.
func Running(st *echotest.Stage) []logfile.Worker {
	events, _ := st.Server.Log()
	return logfile.Running(events)
}

// Expect waits until the log tells of the worker called name, which is not
// process not, that it is in this state, and returns it.
func Expect(st *echotest.Stage, name, state string, not int) logfile.Worker {
	failure := echotest.ServerFailure(fmt.Sprintf("to log that a worker is %q", state), "it does not")
	return st.AwaitLog(failure, func(e logfile.Event) bool {
		return e.Kind == logfile.WorkerState && e.Worker.Name == name && e.Worker.State == state && e.Worker.ID != not
	}).Worker
}

// ExpectAfter waits until a process follows w in its place.
func ExpectAfter(st *echotest.Stage, w logfile.Worker) logfile.Worker {
	ended := false
	failure := echotest.ServerFailure("to start its worker again", "it does not")
	return st.AwaitLog(failure, func(e logfile.Event) bool {
		if e.Kind != logfile.WorkerState || e.Worker.Name != w.Name {
			return false
		}
		ended = ended || e.Worker.ID == w.ID && e.Worker.State != "started"
		return ended && e.Worker.State == "started"
	}).Worker
}

// ExpectAll waits until all n workers have started, and returns them.
func ExpectAll(st *echotest.Stage, n int) []logfile.Worker {
	var all []logfile.Worker
	for i := range n {
		all = append(all, Expect(st, fmt.Sprintf("Process-%d", i+1), "started", 0))
	}
	return all
}

// Signal sends a signal to a worker process.
func Signal(w logfile.Worker, signal syscall.Signal) {
	if err := syscall.Kill(w.ID, signal); err != nil {
		panic(echotest.ServerFailure("its worker to take "+signal.String(), err.Error()))
	}
}

// Suspend stops a worker process (SIGSTOP) and waits until every thread of it
// stands still. SIGCONT has it go on.
func Suspend(w logfile.Worker) {
	if err := procfs.Suspend(w.ID); err != nil {
		panic(echotest.ServerFailure("to be suspended", err.Error()))
	}
}

// OneClientEach has every worker serve one client: the others are suspended
// while that one comes.
func OneClientEach(st *echotest.Stage, all []logfile.Worker) []*echotest.Client {
	var clients []*echotest.Client
	for _, w := range all {
		for _, other := range all {
			if other != w {
				Suspend(other)
			}
		}
		c := st.Client("client of " + w.Name)
		c.Echo("hello")
		clients = append(clients, c)
		for _, other := range all {
			Signal(other, syscall.SIGCONT)
		}
	}
	return clients
}
