// Package pollloop is the loop of lesson 3: one thread serves many clients,
// and waits for all of them at once in poll(2).
package pollloop

import (
	"fmt"

	"example.com/echo/01-blocking/eventlog"
	"example.com/echo/01-blocking/sock"
	"example.com/echo/02-select/echo"
	"example.com/echo/02-select/stop"
	"golang.org/x/sys/unix"
)

// A loop waits for its readers to have something to read, and for its writers
// to have room to write. Both are in one list, each at its descriptor.
type loop struct {
	server *echo.Server
	list   []unix.PollFd
}

// Run serves the clients of socket until stopping is sent, and closes socket.
// It returns nil when the last client is gone, or why it cannot go on. The
// caller flushes log in the end.
func Run(socket *sock.Socket, log *eventlog.Log, stopping *stop.Signal) error {
	l := &loop{}
	var err error
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
	_, err = unix.Poll(l.list, timeout)
	if err == unix.EINTR {
		return nil
	}
	if err != nil {
		return fmt.Errorf("poll: %w", err)
	}
	serverReady, stopReady := false, false
	for fd, entry := range l.list {
		switch {
		case entry.Revents == 0: // nothing, not even POLLERR or POLLHUP
		case fd == l.server.FD():
			serverReady = true
		case fd == l.server.StopFD():
			stopReady = true
		case entry.Events == unix.POLLIN:
			l.server.Receive(fd)
		case entry.Events == unix.POLLOUT:
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
	for fd >= len(l.list) {
		l.list = append(l.list, unix.PollFd{Fd: -1}) // poll passes over it
	}
	switch wants {
	case echo.Reader:
		l.list[fd] = unix.PollFd{Fd: int32(fd), Events: unix.POLLIN}
	case echo.Writer:
		l.list[fd] = unix.PollFd{Fd: int32(fd), Events: unix.POLLOUT}
	case echo.None:
		l.list[fd] = unix.PollFd{Fd: -1}
	}
	// The list must not end with empty places: poll takes no list longer than
	// the limit on descriptors, even if it would pass over most of it.
	for len(l.list) > 0 && l.list[len(l.list)-1].Fd < 0 {
		l.list = l.list[:len(l.list)-1]
	}
	return nil
}
