//go:build linux

package recorder

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// A socket is a line of /proc/net/tcp: one end of a connection, or a listening
// socket. Source: proc_net_tcp(5).
type socket struct {
	local, remote int // ports
	state         string
	unsent        int // bytes that the other end has not confirmed
	unread        int // bytes that have arrived; of a listening socket, the length of its accept queue
	inode         string
}

// The names are RFC 9293's, the numbers the kernel's (tcp_states.h).
var states = map[string]string{
	"01": "ESTABLISHED", "02": "SYN-SENT", "03": "SYN-RECEIVED", "04": "FIN-WAIT-1", "05": "FIN-WAIT-2",
	"08": "CLOSE-WAIT", "09": "LAST-ACK", "0A": "LISTEN", "0B": "CLOSING",
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

// socketsOf returns this machine's sockets that have to do with a port.
func socketsOf(port int) (found []socket, err error) {
	text, err := os.ReadFile("/proc/net/tcp")
	if err != nil {
		return nil, err
	}
	wanted := fmt.Sprintf(":%04X ", port)
	for line := range strings.Lines(string(text)) {
		if !strings.Contains(line, wanted) {
			continue
		}
		f := strings.Fields(line)
		unsent, unread, _ := strings.Cut(f[4], ":")
		s := socket{portOf(f[1]), portOf(f[2]), states[f[3]], hexadecimal(unsent), hexadecimal(unread), f[9]}
		if s.state != "" { // TIME-WAIT is a connection that has ended
			found = append(found, s)
		}
	}
	return found, nil
}

// portOf returns the port of an address.
func portOf(address string) int {
	_, port, _ := strings.Cut(address, ":")
	return hexadecimal(port)
}

func hexadecimal(digits string) int {
	n, _ := strconv.ParseInt(digits, 16, 64)
	return int(n)
}
