package echotest

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// A connection is what the kernel tells of the server's end of a connection.
// Elsewhere than on Linux, and of a connection that the server has closed, it
// tells nothing. Source: proc(5), /proc/net/tcp.
type connection struct {
	isKnown     bool
	state       string // 08 is CLOSE_WAIT: the client has ended what it sends
	unread      string // the bytes that the server has not read, hexadecimal
	activeTimer string // 02 is that of keepalive
	inode       string // of the server's socket; 0 before it is accepted
}

// connection looks up the server's end of c's connection.
func (c *Client) connection() connection {
	local, remote := fmt.Sprintf(":%04X", c.server.Addr.Port()), fmt.Sprintf(":%04X", c.Port)
	table, _ := os.ReadFile("/proc/net/tcp")
	for line := range strings.Lines(string(table)) {
		f := strings.Fields(line)
		if len(f) > 9 && strings.HasSuffix(f[1], local) && strings.HasSuffix(f[2], remote) {
			_, unread, _ := strings.Cut(f[4], ":")
			timer, _, _ := strings.Cut(f[5], ":")
			return connection{true, f[3], unread, timer, f[9]}
		}
	}
	return connection{}
}

// hasUnread says whether there is something that the server has not read.
func (n connection) hasUnread() bool { return strings.Trim(n.unread, "0") != "" }

// isProbed says whether the kernel is going to ask the client whether it is
// still there.
func (n connection) isProbed() bool { return n.activeTimer == "02" }

// isHeldBy says whether process pid has the server's end open.
func (n connection) isHeldBy(pid int) bool {
	return n.isKnown && slices.Contains(Descriptors(pid), "socket:["+n.inode+"]")
}

// AwaitArrival waits until everything that c has sent, and the end of its
// stream, is in the buffers at the server's end. A FIN and the next client's SYN
// can overtake each other.
func (c *Client) AwaitArrival() {
	deadline, again := time.After(Patience), time.NewTicker(time.Millisecond)
	defer again.Stop()
	for n := c.connection(); n.isKnown && n.state != "08"; n = c.connection() {
		select {
		case <-again.C:
		case <-deadline:
			c.fail("everything that it sent to be at the server's end", "it is not")
		}
	}
}
