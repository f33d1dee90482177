//go:build linux

package main

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A socket is one end of a connection, or a listening socket, as the kernel
// shows it to whoever asks. Source: sock_diag(7).
type socket struct {
	local, remote int // ports
	state         string
	unsent        int // bytes that the other end has not confirmed
	unread        int // bytes that have arrived; of a listening socket, the length of its accept queue
	inode         string
}

// The names are RFC 9293's, the numbers the kernel's (tcp_states.h).
var states = map[byte]string{
	1: "ESTABLISHED", 2: "SYN-SENT", 3: "SYN-RECEIVED", 4: "FIN-WAIT-1", 5: "FIN-WAIT-2", 7: "CLOSED",
	8: "CLOSE-WAIT", 9: "LAST-ACK", 10: "LISTEN", 11: "CLOSING", 12: "SYN-RECEIVED",
}

// isMoving reports whether the socket waits for an answer of the other end.
func (s socket) isMoving() bool {
	switch s.state {
	case "SYN-SENT", "SYN-RECEIVED", "FIN-WAIT-1", "LAST-ACK", "CLOSING":
		return true
	}
	return false
}

// hasEnd reports whether the end of the stream has arrived, which the kernel
// counts as an unread byte.
func (s socket) hasEnd() bool { return s.state == "CLOSE-WAIT" && s.unread > 0 }

// A question is a message to the kernel that asks for TCP sockets: struct
// nlmsghdr, and struct inet_diag_req_v2. An answer has struct inet_diag_msg,
// which begins as sockID does.
type (
	question struct {
		unix.NlMsghdr
		family, protocol, extensions, _ byte
		states                          uint32
		id                              sockID
	}
	answer struct {
		family, state, timer, retransmits            byte
		id                                           sockID
		expires, receiveQueue, sendQueue, uid, inode uint32
	}
	sockID struct {
		source, destination [2]byte // ports, in the network's byte order
		addresses           [32]byte
		device              uint32
		cookie              [2]uint32
	}
)

// Not those of connections that have ended, of which there can be many: the
// bits are the numbers of the states.
const allButTimeWait = 1<<13 - 1 - 1<<6

// socketsOf returns this machine's sockets that have to do with a port.
func socketsOf(port int) ([]socket, error) {
	kernel, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return nil, err
	}
	defer unix.Close(kernel)
	q := question{family: unix.AF_INET, protocol: unix.IPPROTO_TCP, states: allButTimeWait}
	q.Len, q.Type, q.Flags = uint32(unsafe.Sizeof(q)), unix.SOCK_DIAG_BY_FAMILY, unix.NLM_F_REQUEST|unix.NLM_F_DUMP
	if err := unix.Sendto(kernel, unsafe.Slice((*byte)(unsafe.Pointer(&q)), q.Len), 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return nil, err
	}
	var found []socket
	buffer := make([]byte, 1<<16)
	for {
		n, _, err := unix.Recvfrom(kernel, buffer, 0)
		if err != nil {
			return nil, err
		}
		for rest := buffer[:n]; len(rest) >= unix.SizeofNlMsghdr; {
			header := (*unix.NlMsghdr)(unsafe.Pointer(&rest[0]))
			switch header.Type {
			case unix.NLMSG_DONE:
				return found, nil
			case unix.NLMSG_ERROR:
				return nil, fmt.Errorf("asking the kernel for sockets: error %d", -int32(binary.NativeEndian.Uint32(rest[unix.SizeofNlMsghdr:])))
			}
			a := (*answer)(unsafe.Pointer(&rest[unix.SizeofNlMsghdr]))
			s := socket{
				local: int(binary.BigEndian.Uint16(a.id.source[:])), remote: int(binary.BigEndian.Uint16(a.id.destination[:])),
				state: states[a.state], unsent: int(a.sendQueue), unread: int(a.receiveQueue), inode: strconv.Itoa(int(a.inode)),
			}
			if s.state == "LISTEN" {
				s.unsent = 0 // the kernel's is the longest that the queue may be
			}
			if s.local == port || s.remote == port {
				found = append(found, s)
			}
			rest = rest[min(len(rest), int(header.Len+3)&^3):]
		}
	}
}
