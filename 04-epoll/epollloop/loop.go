//go:build linux

// Package epollloop is the loop of lesson 4: one thread serves many clients,
// and waits for all of them at once in epoll(7).
package epollloop

import (
	"fmt"
	"os"

	"example.com/echo/01-blocking/eventlog"
	"example.com/echo/01-blocking/sock"
	"example.com/echo/02-select/echo"
	"example.com/echo/02-select/stop"
	"golang.org/x/sys/unix"
)

// A loop waits for its readers to have something to read, and for its writers
// to have room to write. Both are in a list that the kernel keeps.
type loop struct {
	server *echo.Server
	epoll  int // descriptor of the kernel's list
	ready  [256]unix.EpollEvent
}

// Run serves the clients of socket until stopping is sent, and closes socket.
// It returns nil when the last client is gone, or why it cannot go on. The
// caller flushes log in the end.
func Run(socket *sock.Socket, log *eventlog.Log, stopping *stop.Signal) error {
	l := &loop{}
	var err error
	l.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return fmt.Errorf("epoll_create1: %w", err)
	}
	defer unix.Close(l.epoll)
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
	n, err := unix.EpollWait(l.epoll, l.ready[:], timeout)
	if err == unix.EINTR {
		return nil
	}
	if err != nil {
		return fmt.Errorf("epoll_wait: %w", err)
	}
	serverReady, stopReady := false, false
	for _, event := range l.ready[:n] {
		switch fd := int(event.Fd); {
		case fd == l.server.FD():
			serverReady = true
		case fd == l.server.StopFD():
			stopReady = true
		case l.server.IsReader(fd): // EPOLLERR, EPOLLHUP: reported unasked
			l.server.Receive(fd)
		case l.server.IsWriter(fd):
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
func (l *loop) watch(fd int, was, wants echo.Interest) error {
	event := unix.EpollEvent{Fd: int32(fd)}
	switch wants {
	case echo.Reader:
		event.Events = unix.EPOLLIN | readerFlags[fd]
	case echo.Writer:
		event.Events = unix.EPOLLOUT
	}
	op := unix.EPOLL_CTL_MOD
	if was == echo.None {
		op = unix.EPOLL_CTL_ADD
	} else if wants == echo.None {
		op = unix.EPOLL_CTL_DEL
	}
	err := unix.EpollCtl(l.epoll, op, fd, &event)
	return os.NewSyscallError("epoll_ctl", err)
}
