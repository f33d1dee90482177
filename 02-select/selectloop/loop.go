// Package selectloop is the loop of lesson 2: one thread serves many clients,
// and waits for all of them at once in select(2).
package selectloop

import (
	"fmt"

	"example.com/echo/01-blocking/eventlog"
	"example.com/echo/01-blocking/sock"
	"example.com/echo/01-blocking/stop"
	"example.com/echo/02-select/client"
	"example.com/echo/02-select/fdset"
	"golang.org/x/sys/unix"
)

// A loop waits for its readers to have something to read, and for its writers
// to have room to write. Both are sets with a bit for every descriptor.
type loop struct {
	server *client.Server
	stop   *stop.Signal
	log    *eventlog.Log

	serverCalls, stopCalls bool // in this turn

	readers, writers unix.FdSet
	highest          int
}

// Run serves the clients of socket, which is non-blocking, until stopping is
// sent, and closes it then. It returns nil when the last client is gone, or the
// reason why it cannot go on. The events go to log.
func Run(socket *sock.Socket, log *eventlog.Log, stopping *stop.Signal) error {
	l := &loop{server: client.NewServer(socket, log), stop: stopping, log: log}
	if err := fdset.LimitDescriptors(); err != nil {
		return err
	}
	if err := l.watch(l.stop.FD(), client.Reader); err != nil {
		return err
	}
	for !l.server.Done() {
		if err := l.turn(); err != nil {
			return err
		}
	}
	return log.Flush()
}

// turn waits until somebody is ready, and serves everybody who is. The server
// comes last: a new client can get the descriptor of one that left in the same
// turn, and must not be taken for it.
func (l *loop) turn() error {
	if err := l.log.Flush(); err != nil {
		return err
	}
	if err := l.watch(l.server.FD(), l.server.Wants()); err != nil {
		return err
	}
	readers, writers := l.readers, l.writers // select overwrites what it is given
	_, err := unix.Select(l.highest+1, &readers, &writers, nil, fdset.Timeval(l.server.Timeout()))
	if err == unix.EINTR {
		return nil
	}
	if err != nil {
		return fmt.Errorf("select: %w", err)
	}
	l.serverCalls, l.stopCalls = false, false
	for fd := range l.highest + 1 {
		switch {
		case readers.IsSet(fd):
			l.receive(fd)
		case writers.IsSet(fd):
			l.send(fd)
		}
	}
	switch {
	case l.stopCalls:
		return l.leave()
	case l.serverCalls:
		_, err = l.accept()
	}
	return err
}

// receive saves a client's message, which makes the client a writer. It is
// tried as one in the same turn, because its socket almost always has room:
// that saves a wait and two moves for almost every message.
func (l *loop) receive(fd int) {
	switch fd {
	case l.server.FD():
		l.serverCalls = true
	case l.stop.FD():
		l.stopCalls = l.stop.Sent() // a wait can be wrong about who is ready
	default:
		c := l.server.Client(fd)
		wants := c.Receive()
		if wants == client.Writer {
			wants = c.Send()
		}
		l.move(c, wants)
	}
}

// send sends a client its message. With the last of it the client becomes a
// reader again.
func (l *loop) send(fd int) {
	c := l.server.Client(fd)
	l.move(c, c.Send())
}

// accept makes a client of the queue a reader. It returns false if there is none.
func (l *loop) accept() (bool, error) {
	c, err := l.server.Accept()
	if c == nil {
		return false, err
	}
	if err := l.watch(c.FD(), client.Reader); err != nil {
		c.Refuse(err)
	}
	return true, nil
}

// move makes c what it wants to be, or closes it.
func (l *loop) move(c *client.Client, wants client.Wants) {
	l.watch(c.FD(), wants)
	if wants == client.Gone {
		c.Close()
	}
}

// leave begins to stop: whoever is in the queue is still let in, and everybody
// gets what is owed. The turns go on until all are gone.
func (l *loop) leave() error {
	for more := true; more; {
		var err error
		if more, err = l.accept(); err != nil {
			return err
		}
	}
	l.watch(l.stop.FD(), client.Gone)
	l.watch(l.server.FD(), client.Gone)
	l.server.Leave()
	for c := range l.server.Clients() {
		l.move(c, c.Leave())
	}
	return nil
}

// watch makes descriptor fd a reader, a writer or neither.
func (l *loop) watch(fd int, wants client.Wants) error {
	if err := fdset.Check(fd); err != nil {
		return err
	}
	l.readers.Clear(fd)
	l.writers.Clear(fd)
	switch wants {
	case client.Reader:
		l.readers.Set(fd)
	case client.Writer:
		l.writers.Set(fd)
	}
	l.highest = max(l.highest, fd)
	for l.highest > 0 && !l.readers.IsSet(l.highest) && !l.writers.IsSet(l.highest) {
		l.highest--
	}
	return nil
}
