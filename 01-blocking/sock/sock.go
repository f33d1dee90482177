// Package sock is a TCP socket made of system calls: socket, bind, listen,
// accept, read, write, shutdown, close, and nothing between them and the
// caller.
//
// Package net hides exactly what this tutorial is about: behind its Read a
// goroutine parks and an epoll loop wakes it. Here a descriptor is a number,
// and a call either waits or says EAGAIN.
package sock

import (
	"fmt"
	"net/netip"
	"os"

	"golang.org/x/sys/unix"
)

// A Socket is a TCP socket of this process, listening or connected. It prints
// itself as CPython prints a socket.socket. Whoever made it closes it.
//
// The descriptor is kept as a plain number: wrapped in an os.File, the garbage
// collector would close it some day.
type Socket struct {
	fd        int
	text      string
	inherited bool
	skipTexts bool // of those that it accepts
}

// ReadSize is how many bytes one read asks for, and so the longest message. A
// bounded read a turn is what keeps one busy client from starving the others.
const ReadSize = 64 << 10

// A Mode says whether calls on a listening socket may wait.
type Mode bool

const (
	NonBlocking Mode = false // accept says EAGAIN when no client is in the queue
	Blocking    Mode = true  // accept waits for a client
)

// Listen returns a socket that listens on addr; port 0 picks a free port. The
// error names the address and the reason; nothing is left open then.
//
// A shared port (SO_REUSEPORT) can be listened on by several sockets of the
// same user, and the kernel spreads the clients over them.
//
// What an accepted socket inherits from its listener is set once, here: no
// delay for small messages (TCP_NODELAY) and a probe for peers that vanished
// without a word (SO_KEEPALIVE). Source: socket(7), tcp(7), ipv6(7).
func Listen(addr netip.AddrPort, mode Mode, sharePort bool) (*Socket, error) {
	s, err := listen(addr, mode, sharePort)
	if err != nil {
		return nil, fmt.Errorf("listen %v: %w", addr, err)
	}
	return s, nil
}

func listen(addr netip.AddrPort, mode Mode, sharePort bool) (*Socket, error) {
	fd, err := stream(family(addr))
	if err != nil {
		return nil, err
	}
	err = bind(fd, addr, sharePort)
	if err == nil {
		err = unix.SetNonblock(fd, mode == NonBlocking)
	}
	if err == nil {
		err = unix.Listen(fd, unix.SOMAXCONN)
	}
	if err != nil {
		unix.Close(fd)
		return nil, err
	}
	return describe(fd)
}

func family(addr netip.AddrPort) int {
	if addr.Addr().Is6() {
		return unix.AF_INET6
	}
	return unix.AF_INET
}

func bind(fd int, addr netip.AddrPort, sharePort bool) error {
	type option struct{ level, name int }
	on := []option{
		{unix.SOL_SOCKET, unix.SO_REUSEADDR}, // restart while old connections are in TIME_WAIT
		{unix.SOL_SOCKET, unix.SO_KEEPALIVE},
		{unix.IPPROTO_TCP, unix.TCP_NODELAY},
	}
	if sharePort {
		on = append(on, option{unix.SOL_SOCKET, unix.SO_REUSEPORT})
	}
	if addr.Addr().Is6() {
		on = append(on, option{unix.IPPROTO_IPV6, unix.IPV6_V6ONLY}) // [::] is not 0.0.0.0 too
	}
	for _, o := range on {
		if err := unix.SetsockoptInt(fd, o.level, o.name, 1); err != nil {
			return err
		}
	}
	return unix.Bind(fd, toSockaddr(addr))
}

// Inherit returns the listening socket that this process was started with as
// descriptor fd. The error says what fd is instead.
func Inherit(fd int) (*Socket, error) {
	listening, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ACCEPTCONN)
	if err != nil {
		return nil, fmt.Errorf("descriptor %d: %w", fd, err)
	}
	if listening == 0 {
		return nil, fmt.Errorf("descriptor %d: not a listening socket", fd)
	}
	unix.CloseOnExec(fd)
	s, err := describe(fd)
	if err == nil {
		s.inherited = true
	}
	return s, err
}

// Inherited says that the socket came through Inherit: other processes share
// it, and what one does to the socket itself it does to all of them.
func (s *Socket) Inherited() bool { return s.inherited }

// SkipTexts has the sockets that s accepts print as nothing: for a server that
// writes no log. It saves 112 bytes for as long as one is open, a third of what
// an idle client needs, and a system call.
func (s *Socket) SkipTexts() { s.skipTexts = true }

// describe returns the listening socket fd.
func describe(fd int) (*Socket, error) {
	local, err := unix.Getsockname(fd)
	if err != nil {
		return nil, err
	}
	return &Socket{fd: fd, text: textOf(fd, local, nil)}, nil
}

// Dup returns a second descriptor of the same socket, for a second owner: the
// socket lives until both are closed.
func (s *Socket) Dup() (*Socket, error) {
	fd, err := unix.FcntlInt(uintptr(s.fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("dup: %w", err)
	}
	dup, err := describe(fd)
	if err == nil {
		dup.inherited = s.inherited
	}
	return dup, err
}

// FD returns the descriptor: what select, poll and epoll wait for.
func (s *Socket) FD() int { return s.fd }

// SetMode changes whether accept waits. The flag belongs to the socket and not
// to the descriptor: every process that shares the socket sees the change.
func (s *Socket) SetMode(mode Mode) error {
	return os.NewSyscallError("fcntl", unix.SetNonblock(s.fd, mode == NonBlocking))
}

// Mode returns what SetMode set, here or in another process.
func (s *Socket) Mode() Mode {
	flags, err := unix.FcntlInt(uintptr(s.fd), unix.F_GETFL, 0)
	return Mode(err == nil && flags&unix.O_NONBLOCK == 0)
}

// ShutdownRead ends reading: a read that waits returns what has come and then
// 0, and an accept that waits returns EINVAL. On a listening socket it ends the
// queue for every process that shares it. Source: shutdown(2).
func (s *Socket) ShutdownRead() { unix.Shutdown(s.fd, unix.SHUT_RD) }

// ShutdownWrite tells the peer that nothing more will come (a FIN). The peer
// can still send. An error means that there is no peer to tell.
func (s *Socket) ShutdownWrite() error { return unix.Shutdown(s.fd, unix.SHUT_WR) }

// Close closes the descriptor. Take it out of every set that is waited for
// first: the number belongs to the next socket from here on.
//
// It is not called again on EINTR: on Linux the descriptor is gone even then,
// and the number may already be another's. Source: close(2).
func (s *Socket) Close() error {
	return os.NewSyscallError("close", unix.Close(s.fd))
}
