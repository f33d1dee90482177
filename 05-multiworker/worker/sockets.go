package worker

import (
	"fmt"
	"net/netip"

	"example.com/echo/01-blocking/sock"
	"golang.org/x/sys/unix"
)

// listen returns the sockets to serve: one for all workers, or with -listen
// reuseport one for each. The supervisor opens them and keeps them: clients that
// wait in the queue of a worker that died find the next worker there.
func listen(addr netip.AddrPort, o *options) ([]*sock.Socket, error) {
	first, err := sock.Listen(addr)
	if err != nil {
		return nil, err
	}
	sockets := []*sock.Socket{first}
	if o.listen == "reuseport" {
		return listenEach(sockets, o.workers)
	}
	return sockets, nil
}

// listenEach adds sockets that listen on the port of the first one until there
// are n, each with a queue of its own: the kernel deals the clients out among
// them by a hash of their addresses. On an error it closes all. Source:
// socket(7), SO_REUSEPORT.
//
// The first socket was bound without the option. So a second copy of this
// program gets an error; with the option it would share the port, and take half
// of the clients unnoticed.
func listenEach(sockets []*sock.Socket, n int) ([]*sock.Socket, error) {
	share := sock.Option{Level: unix.SOL_SOCKET, Name: unix.SO_REUSEPORT}
	first := sockets[0].FD()
	addr, err := boundTo(first)
	if err == nil {
		err = unix.SetsockoptInt(first, share.Level, share.Name, 1)
	}
	for err == nil && len(sockets) < n {
		var next *sock.Socket
		if next, err = sock.Listen(addr, share); err == nil {
			sockets = append(sockets, next)
		}
	}
	if err != nil {
		closeAll(sockets)
		return nil, err
	}
	return sockets, nil
}

// boundTo returns the address of socket fd.
func boundTo(fd int) (netip.AddrPort, error) {
	sa, err := unix.Getsockname(fd)
	switch sa := sa.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(sa.Addr), uint16(sa.Port)), err
	case *unix.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(sa.Addr), uint16(sa.Port)), err
	}
	return netip.AddrPort{}, err
}

// dup returns a second descriptor of the same socket, for a second owner: the
// socket lives until both are closed. CLOEXEC: workers do not inherit it.
func dup(s *sock.Socket) (*sock.Socket, error) {
	fd, err := unix.FcntlInt(uintptr(s.FD()), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("dup: %w", err)
	}
	return sock.New(fd, nil)
}

// inherit returns the listening socket that this process was started with as
// descriptor fd. The error says what fd is instead.
func inherit(fd int) (*sock.Socket, error) {
	listening, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ACCEPTCONN)
	if err != nil {
		return nil, fmt.Errorf("descriptor %d: %w", fd, err)
	}
	if listening == 0 {
		return nil, fmt.Errorf("descriptor %d: not a listening socket", fd)
	}
	unix.CloseOnExec(fd)
	return sock.New(fd, nil)
}
