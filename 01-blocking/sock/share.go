package sock

import (
	"fmt"
	"net/netip"

	"golang.org/x/sys/unix"
)

// ListenShared returns n sockets that listen on the same port, each with its
// own queue: the kernel deals the clients out among them by a hash of their
// addresses (SO_REUSEPORT). Port 0 picks one free port for all. On an error
// nothing is left open.
//
// A second copy of the program could join in, since it too says SO_REUSEPORT,
// and take half of the clients unnoticed. So the port must first be free for a
// socket that does not share. Source: socket(7).
func ListenShared(addr netip.AddrPort, mode Mode, n int) ([]*Socket, error) {
	if err := checkFree(addr); err != nil {
		return nil, fmt.Errorf("listen %v: %w", addr, err)
	}
	var sockets []*Socket
	for range n {
		s, err := Listen(addr, mode, true)
		if err == nil {
			sockets = append(sockets, s)
			addr, err = s.local() // port 0 is a port by now
		}
		if err != nil {
			for _, s := range sockets {
				s.Close()
			}
			return nil, err
		}
	}
	return sockets, nil
}

// local returns the address that s is bound to.
func (s *Socket) local() (netip.AddrPort, error) {
	local, err := unix.Getsockname(s.fd)
	if err != nil {
		return netip.AddrPort{}, err
	}
	return fromSockaddr(local), nil
}

// checkFree binds a socket to addr and lets it go again.
func checkFree(addr netip.AddrPort) error {
	fd, err := stream(family(addr))
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	return bind(fd, addr, false)
}
