// Package selectloop is the loop of lesson 2: one thread serves many clients,
// and waits for all of them at once in select(2).
package selectloop

import (
	"fmt"

	"example.com/echo/01-blocking/eventlog"
	"example.com/echo/01-blocking/sock"
	"example.com/echo/02-select/echo"
	"example.com/echo/02-select/fdset"
	"example.com/echo/02-select/stop"
	"golang.org/x/sys/unix"
)

// A loop waits for its readers to have something to read, and for its writers
// to have room to write. Both are sets with one bit for each descriptor.
type loop struct {
	server           *echo.Server
	readers, writers unix.FdSet
	maxFD            int // the highest descriptor in a set
}

// Run serves the clients of socket until stopping is sent, and closes socket.
// It returns nil when the last client is gone, or why it cannot go on. The
// caller flushes log in the end.
func Run(socket *sock.Socket, log *eventlog.Log, stopping *stop.Signal) error {
	err := fdset.LimitDescriptors()
	if err != nil {
		return err
	}
	l := &loop{}
	l.server, err = echo.NewServer(socket, log, stopping, l.watch)
	for err == nil && !l.server.Done() {
		err = l.turn()
	}
	return err
}

// turn waits until somebody is ready, and serves everybody who is. Accept and
// Leave come last: a new client may get the number of one who left in this
// turn, and what the kernel reported under it is about the one who left.
func (l *loop) turn() error {
	timeout, err := l.server.BeforeWait()
	if err != nil {
		return err
	}
	readers, writers := l.readers, l.writers // select overwrites what it gets
	_, err = unix.Select(l.maxFD+1, &readers, &writers, nil,
		fdset.Timeval(timeout))
	if err == unix.EINTR {
		return nil
	}
	if err != nil {
		return fmt.Errorf("select: %w", err)
	}
	serverReady, stopReady := false, false
	for fd := range l.maxFD + 1 {
		switch isReader, isWriter := readers.IsSet(fd), writers.IsSet(fd); {
		case isReader && fd == l.server.FD():
			serverReady = true
		case isReader && fd == l.server.StopFD():
			stopReady = true
		case isReader:
			l.server.Receive(fd)
		case isWriter:
			l.server.Send(fd)
		}
	}
	switch {
	case stopReady:
		return l.server.Leave()
	case serverReady:
		return l.server.Accept()
	}
	return nil
}

// watch makes descriptor fd a reader, a writer or neither.
func (l *loop) watch(fd int, _, wants echo.Interest) error {
	if err := fdset.Check(fd); err != nil {
		return err
	}
	l.readers.Clear(fd)
	l.writers.Clear(fd)
	switch wants {
	case echo.Reader:
		l.readers.Set(fd)
	case echo.Writer:
		l.writers.Set(fd)
	}
	l.maxFD = max(l.maxFD, fd)
	for l.maxFD > 0 && !l.readers.IsSet(l.maxFD) && !l.writers.IsSet(l.maxFD) {
		l.maxFD--
	}
	return nil
}
