package procfs

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
)

// A TCPSocket is what the kernel tells of one. Source: proc(5), /proc/net/tcp.
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
	resendTimer    = "01"
	keepaliveTimer = "02"
)

// HasUnread reports whether there is something that its owner has not read.
func (s TCPSocket) HasUnread() bool { return strings.Trim(s.unread, "0") != "" }

// HasEnd reports whether everything that the other side has sent is there, and
// the end of it.
func (s TCPSocket) HasEnd() bool { return s.state == closeWait }

// IsUnconfirmed reports whether it has sent something that the other side's kernel
// has not confirmed, and will send it again after a while.
func (s TCPSocket) IsUnconfirmed() bool { return s.activeTimer == resendTimer }

// IsProbed reports whether the kernel is going to ask the other side whether it
// is still there.
func (s TCPSocket) IsProbed() bool { return s.activeTimer == keepaliveTimer }

// Is reports whether the socket is the one that a Descriptor describes.
func (s TCPSocket) Is(descriptor string) bool { return descriptor == "socket:["+s.inode+"]" }

// IsHeldBy reports whether one of these processes has the socket open.
func (s TCPSocket) IsHeldBy(pids ...int) bool {
	return slices.ContainsFunc(pids, func(pid int) bool { return slices.ContainsFunc(Descriptors(pid), s.Is) })
}

// FindSocket returns the socket that has these addresses. There is none elsewhere
// than on Linux, nor after its owner has closed it.
func FindSocket(local, remote netip.AddrPort) (found TCPSocket, ok bool) {
	if found, ok, err := findSocket(local, remote); err == nil {
		return found, ok
	}
	return lookUp(local, remote) // a kernel or a container that does not answer questions
}

// lookUp finds a socket in the kernel's tables, by the ports of its addresses.
func lookUp(local, remote netip.AddrPort) (found TCPSocket, ok bool) {
	eachSocket(func(s TCPSocket) bool {
		if ok = strings.HasSuffix(s.local, atPort(int(local.Port()))) && strings.HasSuffix(s.remote, atPort(int(remote.Port()))); ok {
			found = s
		}
		return !ok
	})
	return found, ok
}

// PeerOf returns the port of the peer of a socket, which is given as Descriptor
// describes it, or -1.
func PeerOf(descriptor string) (port int) {
	port = -1
	if strings.HasPrefix(descriptor, "socket:") {
		eachSocket(func(s TCPSocket) bool {
			if s.Is(descriptor) {
				addr, _ := parseKernelAddr(s.remote)
				port = int(addr.Port())
			}
			return port < 0
		})
	}
	return port
}

// ListensOn returns the first address that a program, or one that it has started,
// listens on, if there is one: a program need not say which port it was given.
// Linux only.
func ListensOn(pid int) (addr netip.AddrPort, found bool, err error) {
	family := Family(pid)
	if !slices.ContainsFunc(family, HasSockets) {
		return addr, false, nil // the kernel's tables can be long
	}
	sockets, err := listeners(func(s TCPSocket) bool { return s.IsHeldBy(family...) })
	if err != nil || len(sockets) == 0 {
		return addr, false, err
	}
	addr, err = parseKernelAddr(sockets[0].local)
	return addr, true, err
}

// Listeners returns the sockets that listen on a port. Trying to connect would be
// simpler, but the server would take it for a client. Linux only.
func Listeners(port int) ([]TCPSocket, error) {
	return listeners(func(s TCPSocket) bool { return strings.HasSuffix(s.local, atPort(port)) })
}

// listeners returns the sockets that listen and are wanted: those over IPv4, or,
// if there is none, over IPv6, for one at [::] has clients over IPv4 too.
func listeners(isWanted func(TCPSocket) bool) (found []TCPSocket, err error) {
	for _, table := range tables {
		_, err = eachSocketOf(table, func(s TCPSocket) bool {
			if s.state != listens {
				return false // nor do those behind it
			}
			if isWanted(s) {
				found = append(found, s)
			}
			return true
		})
		if err != nil || len(found) > 0 {
			break
		}
	}
	return found, err
}

// ClientsOf returns the addresses of the clients whose connections to a server
// at that port process pid has accepted and not closed. While that process is
// suspended they stay the same. Linux only.
func ClientsOf(pid, port int) (map[netip.AddrPort]bool, error) {
	open := map[string]bool{} // its sockets that are not found yet
	for _, link := range Descriptors(pid) {
		if strings.HasPrefix(link, "socket:") {
			open[link] = true
		}
	}
	clients := map[netip.AddrPort]bool{}
	var wrong error
	err := eachSocket(func(s TCPSocket) bool {
		descriptor := "socket:[" + s.inode + "]"
		if strings.HasSuffix(s.local, atPort(port)) && s.state != listens && open[descriptor] {
			var addr netip.AddrPort
			addr, wrong = parseKernelAddr(s.remote)
			clients[addr] = true
		}
		delete(open, descriptor)
		return wrong == nil && len(open) > 0 // the kernel's tables can be long
	})
	return clients, errors.Join(err, wrong)
}

// tables have all TCP sockets, those over IPv6 in the second.
var tables = []string{"/proc/net/tcp", "/proc/net/tcp6"}

// eachSocket calls visit with every TCP socket, until it returns false. It fails
// elsewhere than on Linux.
func eachSocket(visit func(TCPSocket) bool) (err error) {
	more := true
	for i := 0; i < len(tables) && more && err == nil; i++ {
		more, err = eachSocketOf(tables[i], visit)
	}
	return err
}

// eachSocketOf calls visit with every socket of a table, first with those that
// listen, until it returns false; more reports that it never did.
func eachSocketOf(name string, visit func(TCPSocket) bool) (more bool, err error) {
	table, err := os.Open(name)
	if errors.Is(err, os.ErrNotExist) && name != tables[0] {
		return true, nil // this kernel has no IPv6
	}
	if err != nil {
		return false, err
	}
	defer table.Close()
	lines := bufio.NewScanner(table)
	lines.Scan() // the heading
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		_, unread, _ := strings.Cut(f[4], ":")
		timer, _, _ := strings.Cut(f[5], ":")
		if !visit(TCPSocket{local: f[1], remote: f[2], state: f[3], unread: unread, activeTimer: timer, inode: f[9]}) {
			return false, nil
		}
	}
	return true, lines.Err()
}

// atPort is how an address with that port ends in a TCPSocket.
func atPort(port int) string { return fmt.Sprintf(":%04X", port) }

// parseKernelAddr reads an address as the tables have it: each four bytes of it in
// network order, printed as if they were a number of this machine's, and the port.
func parseKernelAddr(text string) (netip.AddrPort, error) {
	host, port, _ := strings.Cut(text, ":")
	bytes, err := hex.DecodeString(host)
	number, portErr := strconv.ParseUint(port, 16, 16)
	if err := errors.Join(err, portErr); err != nil {
		return netip.AddrPort{}, fmt.Errorf("/proc/net/tcp: %q: %w", text, err)
	}
	for word := range slices.Chunk(bytes, 4) {
		binary.NativeEndian.PutUint32(word, binary.BigEndian.Uint32(word))
	}
	addr, ok := netip.AddrFromSlice(bytes)
	if !ok {
		return netip.AddrPort{}, fmt.Errorf("/proc/net/tcp: %q is no address", text)
	}
	return netip.AddrPortFrom(addr.Unmap(), uint16(number)), nil
}
