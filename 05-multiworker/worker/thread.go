package worker

import (
	"fmt"
	"runtime"

	"example.com/echo/01-blocking/eventlog"
	"example.com/echo/01-blocking/program"
	"example.com/echo/01-blocking/sock"
	"example.com/echo/02-select/stop"
)

// A thread is a worker that is a thread. It prints itself as CPython prints a
// threading.Thread, with the number that ps -T shows.
type thread struct {
	number int
	id     int
	state  string
}

func (t thread) String() string { return threadText(t.number, t.state, t.id) }

// runThreads runs a loop for each worker in this process until all have stopped.
// It returns the first error of one: threads share their fate, which is what
// processes are better at. The first lines of the log, about the sockets, are
// not written out yet.
func runThreads(p *program.Program, o *options, loop stop.Loop, sockets []*sock.Socket, out *output, first *eventlog.Log) error {
	servers, err := dupEach(o.workers, sockets)
	if err != nil {
		return err
	}
	stopping, err := stop.New()
	if err != nil {
		return err
	}
	logs := make([]*eventlog.Log, o.workers)
	for i := range logs {
		logs[i] = out.newLog()
		o.share(servers[i])
	}
	stop.OnSignals(*o.grace, stopping.Send, func() { p.End(logs...) })
	if err := first.Flush(); err != nil { // now signals are heeded
		return err
	}

	started, ended := make(chan thread), make(chan error)
	serve := make(chan bool)
	for i, server := range servers {
		go func() {
			runtime.LockOSThread()
			t := thread{i + 1, threadID(), "started"}
			started <- t
			<-serve
			ended <- t.run(out, logs[i], func() error { return loop(server, logs[i], stopping) })
		}()
		if _, err := fmt.Fprintln(out, <-started); err != nil {
			return err
		}
	}
	close(serve) // only now, so that the first lines of the log tell who there is
	for range servers {
		if err := <-ended; err != nil {
			return err
		}
	}
	return nil
}

// run serves, and logs that the thread has stopped.
func (t thread) run(out *output, log *eventlog.Log, serve func() error) error {
	if err := serve(); err != nil {
		return err
	}
	if err := log.Flush(); err != nil {
		return err
	}
	t.state = "stopped"
	_, err := fmt.Fprintln(out, t)
	return err
}

// dupEach gives each of n workers a descriptor of its own for the socket that
// it is to serve, because each closes its own. It closes sockets.
func dupEach(n int, sockets []*sock.Socket) ([]*sock.Socket, error) {
	dups := make([]*sock.Socket, n)
	for i := range dups {
		var err error
		if dups[i], err = dup(sockets[i%len(sockets)]); err != nil {
			return nil, err
		}
	}
	closeAll(sockets)
	return dups, nil
}
