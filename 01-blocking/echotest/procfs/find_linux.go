package procfs

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"

	"golang.org/x/sys/unix"
)

// What the kernel is asked, and answers. Numbers are the machine's, but ports and
// addresses are in network order. Source: sock_diag(7), linux/inet_diag.h.
type (
	ends struct {
		LocalPort, RemotePort [2]byte
		Local, Remote         [16]byte
		Interface             uint32
		Cookie                [2]uint32
	}
	question struct {
		Header                       unix.NlMsghdr
		Family, Protocol, Extra, Pad uint8
		States                       uint32
		Ends                         ends
	}
	answer struct {
		Header                              unix.NlMsghdr
		Family, State, Timer, Retransmits   uint8
		Ends                                ends
		Expires, Unread, Unsent, UID, Inode uint32
	}
)

const (
	byFamily = 20         // SOCK_DIAG_BY_FAMILY
	anyAge   = ^uint32(0) // INET_DIAG_NOCOOKIE
)

// findSocket asks the kernel for one socket. /proc/net/tcp has it too, but has to
// be read whole, and holds every connection of the last minute: looking there took
// two thirds of the processor time of the tests of docs/servers.
func findSocket(local, remote netip.AddrPort) (found TCPSocket, ok bool, err error) {
	kernel, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return found, false, err
	}
	defer unix.Close(kernel)
	q := question{
		Header:   unix.NlMsghdr{Type: byFamily, Flags: unix.NLM_F_REQUEST},
		Family:   unix.AF_INET6,
		Protocol: unix.IPPROTO_TCP,
		Ends:     ends{Cookie: [2]uint32{anyAge, anyAge}},
	}
	if local.Addr().Unmap().Is4() {
		q.Family = unix.AF_INET
	}
	copy(q.Ends.Local[:], local.Addr().Unmap().AsSlice())
	copy(q.Ends.Remote[:], remote.Addr().Unmap().AsSlice())
	binary.BigEndian.PutUint16(q.Ends.LocalPort[:], local.Port())
	binary.BigEndian.PutUint16(q.Ends.RemotePort[:], remote.Port())
	q.Header.Len = uint32(binary.Size(q))
	var message bytes.Buffer
	binary.Write(&message, binary.NativeEndian, q)
	if err := unix.Sendto(kernel, message.Bytes(), 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return found, false, err
	}
	reply := make([]byte, 1024)
	n, _, err := unix.Recvfrom(kernel, reply, 0)
	if err != nil {
		return found, false, err
	}
	var a answer
	if _, err := binary.Decode(reply[:n], binary.NativeEndian, &a); err != nil || a.Header.Type != byFamily {
		errno := unix.Errno(-int32(binary.NativeEndian.Uint32(reply[unix.SizeofNlMsghdr:])))
		if errno == unix.ENOENT {
			return found, false, nil
		}
		return found, false, errors.Join(errno, err)
	}
	// Where there is no such connection, the kernel returns who listens there.
	found = TCPSocket{
		state:       fmt.Sprintf("%02X", a.State),
		unread:      fmt.Sprintf("%08X", a.Unread),
		activeTimer: fmt.Sprintf("%02X", a.Timer),
		inode:       fmt.Sprint(a.Inode),
	}
	return found, found.state != listens, nil
}
