package echotest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	"example.com/echo/01-blocking/echotest/logfile"
	"example.com/echo/01-blocking/echotest/procfs"
	"example.com/echo/01-blocking/echotest/server"
)

// A Stage is where a scenario plays: a running server and the clients that came.
type Stage struct {
	Server *server.Server

	// Patience returns how long the server may be idle before a wait for it is
	// given up; the scenario then ends with that failure. It is asked before
	// every wait. If Patience is nil, that is server.Idle.
	Patience func(*Failure) time.Duration

	clients     []*Client
	transcript  transcript
	isSuspended bool // the server, in AtOnce
}

// ExpectedIdle is how long the server may be idle where a failure is expected.
const ExpectedIdle = 300 * time.Millisecond

// PatienceFor returns how long the server may be idle before failure is certain.
func (st *Stage) PatienceFor(failure *Failure) time.Duration {
	if st.Patience == nil {
		return server.Idle
	}
	return st.Patience(failure)
}

// Client connects a new client. The kernel does that alone: the server need
// not have accepted it yet.
func (st *Stage) Client(name string) *Client {
	c := &Client{Name: name, stage: st}
	failure := c.failure("to connect", nothing)
	ctx, end := context.WithCancel(context.Background())
	defer end()
	defer st.Server.GiveUp(st.PatienceFor(failure), nil, end)()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", st.Server.Addr.String())
	if err != nil {
		if !errors.Is(err, context.Canceled) && ctx.Err() == nil {
			failure.Came, failure.isLoss = Reason(err), true
		}
		panic(failure)
	}
	c.Conn = conn.(*net.TCPConn)
	c.Port = conn.LocalAddr().(*net.TCPAddr).Port
	st.clients = append(st.clients, c)
	c.note("connects")
	return c
}

// Clients returns the clients that came, in that order.
func (st *Stage) Clients() []*Client { return st.clients }

// ExpectLog waits until the log has a line of this kind about c. A server of the
// reader's own that writes no log is not asked for it: there what c has done has
// arrived at the server's end.
func (st *Stage) ExpectLog(kind logfile.Kind, c *Client) {
	if !st.Server.Logs() {
		if kind == logfile.ClientLost {
			c.awaitReset()
		}
		return
	}
	failure := c.failure(fmt.Sprintf("the log to have a line \"%s...\" about it", kind), "it has none")
	st.AwaitLog(failure, func(e logfile.Event) bool {
		return e.Kind == kind && e.Socket.RemotePort == c.Port
	})
}

// AwaitLog waits until an event that is wanted is in the log, and returns the
// first one. If none comes, the scenario ends with the failure.
func (st *Stage) AwaitLog(failure *Failure, wanted func(logfile.Event) bool) logfile.Event {
	e, ok := st.Server.WaitFor(wanted, st.PatienceFor(failure))
	if !ok {
		panic(failure)
	}
	return e
}

// AtOnce has the server see everything that act does at the same time: it and
// its workers stand still meanwhile. Whoever waits then wakes up with all of it
// in one batch.
func (st *Stage) AtOnce(act func()) {
	if err := procfs.SuspendAll(st.Server.Roots()...); err != nil {
		panic(ServerFailure("to be suspended", err.Error()))
	}
	st.isSuspended = true // also in a failure of act's, when the server goes on already
	defer procfs.ResumeAll(st.Server.Roots()...)
	st.transcript.add("the server is suspended (SIGSTOP)")
	act()
	st.isSuspended = false
	st.transcript.add("the server goes on (SIGCONT): it finds all of that at once")
}

// Interrupt interrupts whatever the server and its workers wait in.
func (st *Stage) Interrupt() {
	st.transcript.add("signals interrupt the server (SIGURG)")
	procfs.Interrupt(st.Server.Roots()...)
}

// ExpectIdle waits until the server, with all its workers, does nothing for a
// while. One that spins never does, however busy the machine is: what counts is
// the time that its threads ran or wanted to, and whether it prints, since one that
// prints all the time may wait until somebody reads. Elsewhere than on Linux nothing
// is measured.
func (st *Stage) ExpectIdle() {
	if !procfs.ShowsWork {
		return
	}
	const window = 25 * time.Millisecond
	failure := ServerFailure("to use no processor time while nobody needs anything", "it is busy all the time")
	tick := time.NewTicker(window)
	defer tick.Stop()
	before, since := procfs.WorkOf(st.Server.Roots()...), time.Now()
	printed, _ := st.Server.Printed()
	for range st.PatienceFor(failure) / window {
		<-tick.C
		n, isAll := st.Server.Printed()
		after, now := procfs.WorkOf(st.Server.Roots()...), time.Now()
		ran, waited := after.Since(before)
		if ran+waited < now.Sub(since)/2 && !after.IsRunning && isAll && n == printed {
			st.transcript.add("the server waits, and uses no processor time")
			return
		}
		before, since, printed = after, now, n
	}
	panic(failure)
}

// Together has n clients do the same at the same time. The first failure of one
// is the scenario's.
func (st *Stage) Together(n int, do func(i int, c *Client)) {
	failures := make(chan *Failure, n)
	for i := range n {
		c := st.Client(fmt.Sprintf("client-%d", i+1))
		go func() {
			failures <- st.play(func(*Stage) { do(i, c) })
		}()
	}
	var first *Failure
	for range n {
		if f := <-failures; f != nil && first == nil {
			first = f
		}
	}
	if first != nil {
		panic(first)
	}
}

// Play plays the script and returns how it failed, or nil.
func (st *Stage) Play(script func(*Stage)) *Failure {
	failure := st.play(script)
	if failure != nil {
		st.explain(failure)
	}
	return failure
}

func (st *Stage) play(script func(*Stage)) (failure *Failure) {
	defer func() {
		switch thrown := recover().(type) {
		case nil:
		case *Failure:
			failure = thrown
		default:
			panic(thrown)
		}
	}()
	script(st)
	return nil
}

// explain adds to a failure what the server has to do with it.
func (st *Stage) explain(failure *Failure) {
	s := st.Server
	if failure.isLoss { // a client sees the server's end before this process does
		s.AwaitEnd(server.Idle)
	}
	switch {
	case s.HasEnded() && s.IsToldToEnd() && s.ExitCode() <= 0:
		failure.Ended = s.Status()
	case s.HasEnded():
		failure.Cause = ServerFailure("to go on", "it ended with "+s.End())
		failure.Cause.Detail = s.AllErrors()
	case failure.Who != Server && s.IgnoresSignal():
		failure.Cause = ServerFailure("to stop when it is told to", s.Stays())
	}
}

// Clear has the clients that are still there leave, one after another, in the
// order in which they came: so the log's end is the same in every run.
func (st *Stage) Clear() *Failure {
	return st.Play(func(st *Stage) {
		for _, c := range slices.Clone(st.clients) {
			if c.gone {
				continue
			}
			c.CloseWrite()
			c.drain()
			c.Close()
		}
	})
}

// CloseClients closes the sockets of all clients, whatever became of them.
func (st *Stage) CloseClients() {
	for _, c := range st.clients {
		c.Close()
	}
}

// Names returns the names that the scenario gave.
func (st *Stage) Names() logfile.Names {
	names := logfile.Names{Clients: map[int]string{}, Vague: map[int]bool{}}
	for _, c := range st.clients {
		names.Clients[c.Port] = c.Name
		names.Vague[c.Port] = c.IsVague
	}
	return names
}
