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
		if err != nil {
			for _, s := range sockets {
				s.Close()
			}
			return nil, err
		}
		sockets = append(sockets, s)
		if local, err := unix.Getsockname(s.fd); err == nil { // port 0 is a port by now
			addr = fromSockaddr(local)
		}
	}
	return sockets, nil
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
