package procfs

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strings"
)

// A TCPSocket is what the kernel tells of one, over IPv4. Source: proc(5),
// /proc/net/tcp.
type TCPSocket struct {
	local, remote string // address and port, hexadecimal
	state         string
	unread        string // the bytes that its owner has not read, hexadecimal
	activeTimer   string
	inode         string // 0 before it is accepted
}

// States and timers of a TCPSocket.
const (
	listens        = "0A"
	closeWait      = "08" // the other side has ended what it sends
	keepaliveTimer = "02"
)

// HasUnread reports whether there is something that its owner has not read.
func (s TCPSocket) HasUnread() bool { return strings.Trim(s.unread, "0") != "" }

// HasEnd reports whether everything that the other side has sent is there, and
// the end of it.
func (s TCPSocket) HasEnd() bool { return s.state == closeWait }

// IsProbed reports whether the kernel is going to ask the other side whether it
// is still there.
func (s TCPSocket) IsProbed() bool { return s.activeTimer == keepaliveTimer }

// Is reports whether the socket is the one that a Descriptor describes.
func (s TCPSocket) Is(descriptor string) bool { return descriptor == "socket:["+s.inode+"]" }

// IsHeldBy reports whether one of these processes has the socket open.
func (s TCPSocket) IsHeldBy(pids ...int) bool {
	return slices.ContainsFunc(pids, func(pid int) bool { return slices.ContainsFunc(Descriptors(pid), s.Is) })
}

// FindSocket returns the socket whose own port is local and whose peer's port is
// remote. There is none elsewhere than on Linux, nor after its owner has closed it.
func FindSocket(local, remote int) (found TCPSocket, ok bool) {
	eachSocket(func(s TCPSocket) bool {
		if ok = strings.HasSuffix(s.local, atPort(local)) && strings.HasSuffix(s.remote, atPort(remote)); ok {
			found = s
		}
		return !ok
	})
	return found, ok
}

// ListensOn returns the first address that a program, or one that it has started,
// listens on over IPv4, if there is one: a program need not say which port it was
// given. Linux only.
func ListensOn(pid int) (addr netip.AddrPort, found bool, err error) {
	family, isAddr := Family(pid), error(nil)
	err = eachSocket(func(s TCPSocket) bool {
		if s.state != listens { // nor do those behind it
			return false
		}
		if found = s.IsHeldBy(family...); found {
			addr, isAddr = parseKernelAddr(s.local)
		}
		return !found
	})
	return addr, found, errors.Join(err, isAddr)
}

// IsListening reports whether anybody listens on a port over IPv4. Trying to
// connect would be simpler, but the server would take it for a client. Linux
// only.
func IsListening(port int) (found bool, err error) {
	err = eachSocket(func(s TCPSocket) bool {
		found = s.state == listens && strings.HasSuffix(s.local, atPort(port))
		return !found && s.state == listens
	})
	return found, err
}

// ClientsOf returns the addresses of the clients whose connections to a server
// at that port process pid has accepted and not closed. While that process is
// suspended they stay the same. Linux only.
func ClientsOf(pid, port int) (map[netip.AddrPort]bool, error) {
	open := map[string]bool{}
	for _, link := range Descriptors(pid) {
		open[link] = true
	}
	clients := map[netip.AddrPort]bool{}
	var wrong error
	err := eachSocket(func(s TCPSocket) bool {
		if strings.HasSuffix(s.local, atPort(port)) && s.state != listens && open["socket:["+s.inode+"]"] {
			var addr netip.AddrPort
			addr, wrong = parseKernelAddr(s.remote)
			clients[addr] = true
		}
		return wrong == nil
	})
	return clients, errors.Join(err, wrong)
}

// eachSocket calls visit with every TCP socket over IPv4, first with those that
// listen, until it returns false. It fails elsewhere than on Linux.
func eachSocket(visit func(TCPSocket) bool) error {
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
		if !visit(TCPSocket{local: f[1], remote: f[2], state: f[3], unread: unread, activeTimer: timer, inode: f[9]}) {
			return nil
		}
	}
	return lines.Err()
}

// atPort is how an address with that port ends in a TCPSocket.
func atPort(port int) string { return fmt.Sprintf(":%04X", port) }

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
