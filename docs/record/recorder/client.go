//go:build linux

package recorder

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// A client is one of the script's. It is made of system calls, so that it reads
// when a step says so, and not before.
type client struct {
	name     string
	fd       int
	port     int  // its own
	isDeaf   bool // does not read for now
	received int
}

// dial connects a client to a port of this machine. With little room for what
// comes back, in its buffer and in each segment, few bytes fill the connection.
func dial(name string, port int, isNarrow bool) (*client, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	c := &client{name: name, fd: fd}
	if isNarrow {
		unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, 1) // becomes the least that there is
		unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_MAXSEG, 536)
	}
	limit := unix.NsecToTimeval(int64(patience / time.Nanosecond))
	unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_SNDTIMEO, &limit)
	if err := unix.Connect(fd, &unix.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return nil, fmt.Errorf("%s connects: %w", name, err)
	}
	own, err := unix.Getsockname(fd)
	if err != nil {
		return nil, err
	}
	c.port = own.(*unix.SockaddrInet4).Port
	return c, nil
}

// act does what a step has a client do.
func (c *client) act(s Step) error {
	switch s.Does {
	case Sends, Deaf:
		c.isDeaf = s.Does == Deaf
		for rest := s.bytes(); len(rest) > 0; {
			n, err := unix.SendmsgN(c.fd, rest, nil, nil, unix.MSG_NOSIGNAL)
			if err != nil {
				return fmt.Errorf("%s sends: %w", c.name, err)
			}
			rest = rest[n:]
		}
	case Reads:
		c.isDeaf = false
	case HalfCloses:
		return unix.Shutdown(c.fd, unix.SHUT_WR)
	case Resets:
		unix.SetsockoptLinger(c.fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1})
		c.close()
	case Closes:
		c.close()
	}
	return nil
}

func (c *client) close() {
	if c.fd >= 0 {
		unix.Close(c.fd)
		c.fd = -1
	}
}

// drain reads what has arrived, and reports whether that was anything.
func (c *client) drain(buffer []byte) bool {
	if c.isDeaf || c.fd < 0 {
		return false
	}
	n, _, err := unix.Recvfrom(c.fd, buffer, unix.MSG_DONTWAIT)
	if err != nil {
		return false
	}
	c.received += n
	return n > 0
}
