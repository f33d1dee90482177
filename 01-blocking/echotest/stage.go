package echotest

import (
	"fmt"
	"net"
	"slices"
	"time"
)

// A Stage is where a scenario plays: a running server and the clients that came.
type Stage struct {
	Server  *Server
	clients []*Client

	// impatient names the client whose first wait is expected to fail. Only
	// that one is short, so that a slow machine makes nothing else fail.
	impatient string
	fate      *fate // how a mutant is expected to fail
}

// shortPatience is long enough for a server that does serve.
const shortPatience = time.Second

// Client connects a new client. The kernel does that alone: the server need
// not have accepted it yet.
func (st *Stage) Client(name string) *Client {
	c := &Client{Name: name, patience: Patience, fate: st.fate, server: st.Server}
	if name == st.impatient {
		c.patience = shortPatience
	}
	conn, err := net.DialTimeout("tcp", st.Server.Addr.String(), c.patienceFor("to connect"))
	if err != nil {
		c.fail("to connect", reason(err))
	}
	c.conn = conn.(*net.TCPConn)
	c.Port = conn.LocalAddr().(*net.TCPAddr).Port
	st.clients = append(st.clients, c)
	return c
}

// ExpectLog waits until the log has a line of this kind about c. A server of the
// reader's own that writes no log is not asked for it.
func (st *Stage) ExpectLog(kind Kind, c *Client) {
	if !st.Server.Logs() {
		return
	}
	expected, none := fmt.Sprintf("the log to have a line \"%s...\" about it", kind), "it has none"
	_, ok := st.Server.waitFor(func(e Event) bool {
		return e.Kind == kind && e.Socket.RemotePort == c.Port
	}, c.fate.patience(c.failure(expected, none), Patience))
	if !ok {
		c.fail(expected, none)
	}
}

// ExpectWorker waits until the log tells of the worker called name, which is
// not process not, that it is in this state, and returns it.
func (st *Stage) ExpectWorker(name, state string, not int) Worker {
	failure := &Failure{Who: "server", Expected: fmt.Sprintf("to log that a worker is %q", state), Came: "it does not"}
	e, ok := st.Server.waitFor(func(e Event) bool {
		return e.Kind == WorkerState && e.Worker.Name == name && e.Worker.State == state && e.Worker.ID != not
	}, st.fate.patience(failure, Patience))
	if !ok {
		panic(failure)
	}
	return e.Worker
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

// play runs the script and returns how it failed, or nil.
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

// clear has the clients that are still there leave, one after another, in the
// order in which they came: so the log's end is the same in every run.
func (st *Stage) clear() *Failure {
	return st.play(func(st *Stage) {
		for _, c := range slices.Clone(st.clients) {
			if c.gone {
				continue
			}
			c.patience = Patience
			c.CloseWrite()
			c.drain()
			c.Close()
		}
	})
}
