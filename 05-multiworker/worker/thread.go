package worker

import (
	"os"
	"runtime"

	"example.com/echo/01-blocking/eventlog"
	"example.com/echo/01-blocking/program"
	"example.com/echo/01-blocking/sock"
	"example.com/echo/01-blocking/stop"
)

// A thread is a worker that is a thread. It prints itself as CPython prints a
// threading.Thread, with the number that ps -T shows.
type thread struct {
	number int
	id     int
	ended  bool
}

func (t thread) String() string {
	if t.ended {
		return threadText(t.number, "stopped", t.id)
	}
	return threadText(t.number, "started", t.id)
}

// runThreads runs n loops in this process until all have stopped. It returns
// the first error of one: threads share their fate, which is what processes are
// better at.
func runThreads(loop program.Loop, n int, sockets []*sock.Socket, log *eventlog.Log) error {
	servers, err := dupEach(n, sockets)
	if err != nil {
		return err
	}
	stopping, err := stop.New()
	if err != nil {
		return err
	}
	stop.OnSignals(func() {
		for _, server := range servers {
			server.SetMode(sock.NonBlocking) // so that accept says when the queue is empty
		}
		stopping.Send()
	}, func() { os.Exit(0) })

	started, ended := make(chan thread), make(chan error)
	serve := make(chan bool)
	for i, server := range servers {
		own := log.Sibling()
		go func() {
			runtime.LockOSThread()
			t := thread{number: i + 1, id: threadID()}
			started <- t
			<-serve
			ended <- t.run(own, func() error { return loop(server, own, stopping) })
		}()
		log.Worker(<-started)
	}
	if err := log.Flush(); err != nil {
		return err
	}
	close(serve) // only now, so that the first lines of the log tell who there is
	for range n {
		if err := <-ended; err != nil {
			return err
		}
	}
	return nil
}

func (t thread) run(log *eventlog.Log, serve func() error) error {
	if err := serve(); err != nil {
		return err
	}
	t.ended = true
	log.Worker(t)
	return log.Flush()
}

// dupEach gives each of n workers its own descriptor of the socket that it is
// to serve, because each closes its own in the end. It closes sockets.
func dupEach(n int, sockets []*sock.Socket) ([]*sock.Socket, error) {
	dups := make([]*sock.Socket, n)
	for i := range dups {
		dup, err := sockets[i%len(sockets)].Dup()
		if err != nil {
			return nil, err
		}
		dups[i] = dup
	}
	for _, s := range sockets {
		s.Close()
	}
	return dups, nil
}
