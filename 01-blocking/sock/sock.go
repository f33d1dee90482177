// Package sock is a TCP socket made of system calls: socket, bind, listen,
// accept, read, write, close, and nothing between them and the caller.
//
// Package net hides exactly what this tutorial is about: behind its Read a
// goroutine parks and an epoll loop wakes it. Here a descriptor is a number,
// and read waits inside the kernel.
package sock

import (
	"fmt"
	"net/netip"

	"golang.org/x/sys/unix"
)

// A Socket is a TCP socket of this process, listening or connected. It prints
// itself as CPython prints a socket.socket. Whoever made it closes it.
//
// The descriptor is kept as a plain number: wrapped in an os.File, the garbage
// collector would close it some day.
type Socket struct {
	fd   int
	text string
}

// New returns the socket with descriptor fd, whose client is peer; nil for a
// listening socket. On an error, which is the kernel's errno, fd is closed.
func New(fd int, peer unix.Sockaddr) (*Socket, error) {
	// A server may listen on every address of the machine: only the socket
	// itself knows which one its client came to.
	local, err := unix.Getsockname(fd)
	if err != nil {
		unix.Close(fd)
		return nil, err
	}
	return &Socket{fd: fd, text: textOf(fd, local, peer)}, nil
}

// An Option is a socket option to switch on. Source: socket(7).
type Option struct{ Level, Name int }

// Listen returns a socket that listens on addr; port 0 picks a free port. The
// error names the address and the reason; nothing is open then. More options
// than those that every server here needs are switched on if they are given.
func Listen(addr netip.AddrPort, more ...Option) (*Socket, error) {
	fd, err := stream(family(addr))
	if err == nil {
		err = bind(fd, addr, more)
	}
	if err == nil {
		err = unix.Listen(fd, unix.SOMAXCONN)
	}
	if err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("listen %v: %w", addr, err)
	}
	return New(fd, nil)
}

func family(addr netip.AddrPort) int {
	if addr.Addr().Is6() {
		return unix.AF_INET6
	}
	return unix.AF_INET
}

// bind names the socket. Accepted sockets inherit the options: TCP_NODELAY
// sends small messages at once, and SO_KEEPALIVE has the kernel ask whether a
// silent peer is still there. Source: socket(7), tcp(7), ipv6(7).
func bind(fd int, addr netip.AddrPort, more []Option) error {
	on := []Option{
		{unix.SOL_SOCKET, unix.SO_REUSEADDR}, // restart while old connections are in TIME_WAIT
		{unix.SOL_SOCKET, unix.SO_KEEPALIVE},
		{unix.IPPROTO_TCP, unix.TCP_NODELAY},
	}
	if addr.Addr().Is6() {
		on = append(on, Option{unix.IPPROTO_IPV6, unix.IPV6_V6ONLY}) // [::] is not 0.0.0.0 too
	}
	for _, o := range append(on, more...) {
		if err := unix.SetsockoptInt(fd, o.Level, o.Name, 1); err != nil {
			return err
		}
	}
	return unix.Bind(fd, toSockaddr(addr))
}

// FD returns the descriptor.
func (s *Socket) FD() int { return s.fd }

// Close closes the descriptor. From here on the number belongs to the next
// socket that is opened.
//
// It is not called again on EINTR: on Linux the descriptor is gone even then,
// and the number may already be another's. Source: close(2).
func (s *Socket) Close() { unix.Close(s.fd) }
