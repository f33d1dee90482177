package sock

import (
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// String returns the socket as CPython prints it:
//
//	<socket.socket fd=11, family=2, type=1, proto=0, laddr=('127.0.0.1', 1337), raddr=('127.0.0.1', 54778)>
//
// The text is made once, when the socket is: afterwards a reset peer has no
// address any more.
func (s *Socket) String() string { return s.text }

// Peer returns the peer's address as CPython prints it, and "" for a listening
// socket.
func (s *Socket) Peer() string {
	_, peer, _ := strings.Cut(s.text, ", raddr=")
	return strings.TrimSuffix(peer, ">")
}

// textOf describes a socket; remote is nil for one that listens.
func textOf(fd int, local, remote unix.Sockaddr) string {
	family := unix.AF_INET
	if _, ok := local.(*unix.SockaddrInet6); ok {
		family = unix.AF_INET6
	}
	b := make([]byte, 0, 112)
	b = append(b, "<socket.socket fd="...)
	b = strconv.AppendInt(b, int64(fd), 10)
	b = append(b, ", family="...)
	b = strconv.AppendInt(b, int64(family), 10)
	b = append(b, ", type="...)
	b = strconv.AppendInt(b, unix.SOCK_STREAM, 10)
	b = append(b, ", proto=0, laddr="...)
	b = appendAddr(b, local)
	if remote != nil {
		b = append(b, ", raddr="...)
		b = appendAddr(b, remote)
	}
	b = append(b, '>')
	return string(b)
}

// appendAddr appends ('127.0.0.1', 1337), or for IPv6 with its flow label and
// scope ('::1', 1337, 0, 0).
func appendAddr(b []byte, sa unix.Sockaddr) []byte {
	b = append(b, "('"...)
	addr := fromSockaddr(sa)
	b = appendIP(b, addr.Addr())
	b = append(b, "', "...)
	b = strconv.AppendUint(b, uint64(addr.Port()), 10)
	if sa, ok := sa.(*unix.SockaddrInet6); ok {
		b = append(b, ", 0, "...)
		b = strconv.AppendUint(b, uint64(sa.ZoneId), 10)
	}
	return append(b, ')')
}

// appendIP differs from netip only where inet_ntop(3), which CPython uses, does:
// it writes the last 32 bits of ::/96 with dots, as in ::0.1.0.0.
func appendIP(b []byte, ip netip.Addr) []byte {
	if ip.Is6() {
		bytes := ip.As16()
		if [12]byte(bytes[:12]) == [12]byte{} && (bytes[12] != 0 || bytes[13] != 0) {
			b = append(b, "::"...)
			ip = netip.AddrFrom4([4]byte(bytes[12:]))
		}
	}
	return ip.AppendTo(b)
}

// fromSockaddr returns the address and port; it is the zero AddrPort where the
// kernel gave none.
func fromSockaddr(sa unix.Sockaddr) netip.AddrPort {
	switch sa := sa.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(sa.Addr), uint16(sa.Port))
	case *unix.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(sa.Addr), uint16(sa.Port))
	}
	return netip.AddrPort{}
}

func toSockaddr(addr netip.AddrPort) unix.Sockaddr {
	if addr.Addr().Is4() {
		return &unix.SockaddrInet4{Port: int(addr.Port()), Addr: addr.Addr().As4()}
	}
	return &unix.SockaddrInet6{Port: int(addr.Port()), Addr: addr.Addr().As16()}
}
