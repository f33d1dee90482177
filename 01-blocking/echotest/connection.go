package echotest

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"
)

// A tcpSocket is what the kernel tells of one. Source: proc(5), /proc/net/tcp.
type tcpSocket struct {
	local, remote string // address and port, hexadecimal
	state         string
	unread        string // the bytes that its owner has not read, hexadecimal
	activeTimer   string // 02 is that of keepalive
	inode         string // 0 before it is accepted
}

// States of a tcpSocket.
const (
	listens   = "0A"
	closeWait = "08" // the other side has ended what it sends
)

// eachSocket calls visit with every TCP socket over IPv4, first with those that
// listen, until it returns false. It fails elsewhere than on Linux.
func eachSocket(visit func(tcpSocket) bool) error {
	table, err := os.Open("/proc/net/tcp")
	if err != nil {
		return err
	}
	defer table.Close()
	lines := bufio.NewScanner(table)
	lines.Scan() // the heading
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		_, unread, _ := strings.Cut(f[4], ":")
		timer, _, _ := strings.Cut(f[5], ":")
		if !visit(tcpSocket{local: f[1], remote: f[2], state: f[3], unread: unread, activeTimer: timer, inode: f[9]}) {
			return nil
		}
	}
	return lines.Err()
}

// atPort is how an address with that port ends in a tcpSocket.
func atPort(port int) string { return fmt.Sprintf(":%04X", port) }

// isHeldBy says whether one of these processes has the socket open.
func (s tcpSocket) isHeldBy(pids ...int) bool {
	return slices.ContainsFunc(pids, func(pid int) bool {
		return slices.Contains(Descriptors(pid), "socket:["+s.inode+"]")
	})
}

// parseKernelAddr reads an IPv4 address as /proc/net/tcp has it: the address in
// network order, printed as if it were a number of this machine's, and the port.
func parseKernelAddr(text string) (netip.AddrPort, error) {
	var host uint32
	var port uint16
	if _, err := fmt.Sscanf(text, "%08X:%04X", &host, &port); err != nil {
		return netip.AddrPort{}, fmt.Errorf("/proc/net/tcp: %q: %w", text, err)
	}
	var bytes [4]byte
	binary.NativeEndian.PutUint32(bytes[:], host)
	return netip.AddrPortFrom(netip.AddrFrom4(bytes), port), nil
}

// ListensOn returns the first address that a program, or one that it has started,
// listens on over IPv4, if there is one: a program need not say which port it was
// given. Linux only.
func ListensOn(pid int) (addr netip.AddrPort, found bool, err error) {
	family, isAddr := Family(pid), error(nil)
	err = eachSocket(func(s tcpSocket) bool {
		if s.state != listens { // nor do those behind it
			return false
		}
		if found = s.isHeldBy(family...); found {
			addr, isAddr = parseKernelAddr(s.local)
		}
		return !found
	})
	return addr, found, errors.Join(err, isAddr)
}

// A connection is the server's end of a client's connection, if isKnown. It is
// not elsewhere than on Linux, nor after the server has closed it.
type connection struct {
	tcpSocket
	isKnown bool
}

// connection looks up the server's end of c's connection.
func (c *Client) connection() (found connection) {
	local, remote := atPort(int(c.server.Addr.Port())), atPort(c.Port)
	eachSocket(func(s tcpSocket) bool {
		if strings.HasSuffix(s.local, local) && strings.HasSuffix(s.remote, remote) {
			found = connection{s, true}
		}
		return !found.isKnown
	})
	return found
}

// hasUnread says whether there is something that the server has not read.
func (n connection) hasUnread() bool { return strings.Trim(n.unread, "0") != "" }

// isProbed says whether the kernel is going to ask the client whether it is
// still there.
func (n connection) isProbed() bool { return n.activeTimer == "02" }

// AwaitArrival waits until everything that c has sent, and the end of its
// stream, is in the buffers at the server's end. A FIN and the next client's SYN
// can overtake each other.
func (c *Client) AwaitArrival() {
	deadline, again := time.After(Patience), time.NewTicker(time.Millisecond)
	defer again.Stop()
	for n := c.connection(); n.isKnown && n.state != closeWait; n = c.connection() {
		select {
		case <-again.C:
		case <-deadline:
			c.fail("everything that it sent to be at the server's end", "it is not")
		}
	}
}
