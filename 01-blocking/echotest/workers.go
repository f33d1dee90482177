package echotest

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// WorkerOf returns the worker process that serves c: the one that has the other
// end of c's connection open. Linux only: it looks into /proc.
func (st *Stage) WorkerOf(c *Client) Worker {
	st.ExpectLog(ClientCreated, c) // a worker can serve before the log says that it has started
	n := c.connection()
	if !n.isKnown {
		c.fail("a connection to the server", "there is none")
	}
	for _, w := range st.Workers() {
		if n.isHeldBy(w.ID) {
			return w
		}
	}
	c.fail("a worker to serve it", "none has its connection open")
	panic("unreachable")
}

// Workers returns the worker processes that are running, by the log.
func (st *Stage) Workers() []Worker {
	var running []Worker
	events, _ := st.Server.Log()
	for _, e := range events {
		if e.Kind != WorkerState {
			continue
		}
		for i, w := range running {
			if w.Name == e.Worker.Name {
				running = append(running[:i], running[i+1:]...)
				break
			}
		}
		if e.Worker.State == "started" {
			running = append(running, e.Worker)
		}
	}
	return running
}

// ExpectWorkerAfter waits until a process follows w in its place.
func (st *Stage) ExpectWorkerAfter(w Worker) Worker {
	ended := false
	e, ok := st.Server.Wait(func(e Event) bool {
		if e.Kind != WorkerState || e.Worker.Name != w.Name {
			return false
		}
		ended = ended || e.Worker.ID == w.ID && e.Worker.State != "started"
		return ended && e.Worker.State == "started"
	})
	if !ok {
		panic(&Failure{Who: "server", Expected: "to start its worker again", Came: "it does not"})
	}
	return e.Worker
}

// Signal sends a signal to a worker process.
func (st *Stage) Signal(w Worker, signal syscall.Signal) {
	if err := syscall.Kill(w.ID, signal); err != nil {
		panic(&Failure{Who: "server", Expected: "its worker to take " + signal.String(), Came: err.Error()})
	}
}

// Suspend stops a process (SIGSTOP) and waits until every thread of it stands
// still: the signal only asks for that. SIGCONT has it go on.
func (st *Stage) Suspend(pid int) {
	if err := suspend(pid); err != nil {
		panic(&Failure{Who: "server", Expected: "to be suspended", Came: err.Error()})
	}
}

func suspend(pid int) error {
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		return err
	}
	deadline, again := time.After(Patience), time.NewTicker(time.Millisecond)
	defer again.Stop()
	for !allStopped(pid) {
		select {
		case <-again.C:
		case <-deadline:
			return fmt.Errorf("a thread goes on")
		}
	}
	return nil
}

// allStopped says whether every thread is in state T. Source: proc(5).
func allStopped(pid int) bool {
	all := threads(pid)
	for _, thread := range all {
		if state := stateOf(thread); state != "T" && state != "" {
			return false
		}
	}
	return len(all) > 0
}

// ExpectLoss waits until the connection is lost, by a reset or by its end.
func (c *Client) ExpectLoss() {
	lost, not := "to lose its connection", "it has not"
	c.conn.SetReadDeadline(time.Now().Add(c.fate.patience(c.failure(lost, not), c.patience)))
	n, err := c.conn.Read(make([]byte, 100))
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		c.fail(lost, not)
	case err == nil:
		c.fail(lost, fmt.Sprintf("%d bytes came", n))
	}
	c.Close()
}
