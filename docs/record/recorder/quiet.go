//go:build linux

package recorder

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/echo/docs/recording"
)

// settle waits until what the clients did has reached the server, and the
// server waits again with nothing left to do.
func (p *player) settle() error {
	busy := ""
	err := wait("the server to be quiet", func() (isQuiet bool, err error) {
		var before string
		if before, busy = p.server.runs(); busy != "" {
			return false, nil
		}
		if p.drain() {
			busy = "a client reads"
			return false, nil
		}
		sockets, err := socketsOf(p.server.port)
		if err == nil && p.isMoving(sockets) {
			busy = "something is under way"
		} else if err == nil && p.isReady(sockets) {
			busy = "a socket is ready"
		}
		after, _ := p.server.runs()
		if busy == "" && after != before && !p.isResting(sockets) {
			busy = "it runs now and then"
		}
		return busy == "", err
	})
	if err != nil {
		return fmt.Errorf("%w: %w, but %s", errChance, err, busy)
	}
	return nil
}

var switches = regexp.MustCompile(`(?m)^(?:State:\s+(\S)|(?:non)?voluntary_ctxt_switches:\s+(\d+))`)

// runs returns a text that is the same again only if no thread has run since;
// and, if one runs now, which. A thread that strace holds up does not sleep.
func (s *server) runs() (before, running string) {
	for _, pid := range s.processes() {
		for _, tid := range threads(pid) {
			for _, m := range switches.FindAllStringSubmatch(status(tid), -1) {
				if m[1] != "" && m[1] != "S" {
					running = fmt.Sprintf("thread %d of process %d is in state %s", tid, pid, m[1])
				}
				before += " " + m[2]
			}
		}
	}
	return before, running
}

// isMoving reports whether something is still under way between the kernel's
// ends of the connections.
func (p *player) isMoving(sockets []socket) bool {
	for _, c := range p.clients {
		own := find(sockets, c.port, p.server.port)
		servers := find(sockets, p.server.port, c.port)
		switch {
		case c.fd < 0: // closed or reset
			if own != nil && own.isMoving() || own == nil && servers != nil && servers.state == "ESTABLISHED" {
				return true
			}
		case own == nil: // the server has reset it
		case own.unsent > 0 || own.isMoving():
			return true
		case servers == nil: // the server's process has ended
		case servers.state == "SYN-RECEIVED":
			return true
		case !c.isDeaf && (servers.unsent > 0 || servers.isMoving()):
			return true
		}
	}
	return false
}

// find returns the socket with the ports, or nil.
func find(sockets []socket, local, remote int) *socket {
	at := slices.IndexFunc(sockets, func(s socket) bool { return s.local == local && s.remote == remote })
	if at < 0 {
		return nil
	}
	return &sockets[at]
}

// isReady reports whether a thread waits for a socket that is ready, and so is
// about to run; or for so long that its wait is about to end by a timeout.
func (p *player) isReady(sockets []socket) bool {
	for _, pid := range p.server.processes() {
		for _, tid := range threads(pid) {
			call := p.server.current(tid)
			if call == nil {
				continue
			}
			for _, w := range watched(pid, call, sockets) {
				if w.IsReader() && w.socket.unread > 0 || w.IsWriter() && w.socket.unsent == 0 || w.socket.state == "" {
					return true
				}
			}
			age := time.Since(time.UnixMicro(int64(call.begin * 1e6)))
			if timeout := waitTimeout(call); timeout > 0 && age > time.Duration(timeout)*time.Millisecond/2 {
				return true
			}
		}
	}
	return false
}

// isResting reports whether a loop is in a wait with a timeout: there is little
// time then, so that nobody has run for a while is not asked for.
func (p *player) isResting(sockets []socket) bool {
	return slices.ContainsFunc(threads(p.server.pid), func(tid int) bool {
		call := p.server.current(tid)
		return call != nil && waitTimeout(call) > 0 && len(watched(p.server.pid, call, sockets)) > 0
	})
}

// A watchedSocket is one that a thread waits for.
type watchedSocket struct {
	recording.Watch
	socket socket
}

// watched returns the sockets that a thread waits for in a call.
func watched(pid int, call *line, sockets []socket) (found []watchedSocket) {
	watch := watchOf(call)
	if call.call == "epoll_pwait" {
		watch = interest(pid, call.fd())
	}
	for _, w := range watch {
		inode, ok := inodeOf(pid, w.FD)
		if !ok {
			continue
		}
		s := watchedSocket{Watch: w}
		if at := slices.IndexFunc(sockets, func(s socket) bool { return s.inode == inode }); at >= 0 {
			s.socket = sockets[at]
		}
		found = append(found, s)
	}
	return found
}

// inodeOf returns the number of the socket behind a descriptor.
func inodeOf(pid, fd int) (inode string, isSocket bool) {
	link, _ := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", pid, fd))
	link, isSocket = strings.CutPrefix(link, "socket:[")
	return strings.TrimSuffix(link, "]"), isSocket
}

var interestLine = regexp.MustCompile(`tfd:\s+(\d+) events:\s+([0-9a-f]+)`)

// interest returns what an epoll instance watches, by descriptor. Source:
// proc(5), /proc/PID/fdinfo.
func interest(pid, fd int) (list []recording.Watch) {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/fdinfo/%d", pid, fd))
	for _, m := range interestLine.FindAllStringSubmatch(string(text), -1) {
		fd, _ := strconv.Atoi(m[1])
		list = append(list, recording.Watch{FD: fd, Events: epollEvents(hexadecimal(m[2]))})
	}
	slices.SortFunc(list, func(a, b recording.Watch) int { return a.FD - b.FD })
	return list
}

// epollEvents names the bits of an interest mask, and leaves out EPOLLERR and
// EPOLLHUP, which the kernel adds to every one.
func epollEvents(bits int) string {
	var names []string
	for _, event := range []struct {
		bit  int
		name string
	}{{0x1, "EPOLLIN"}, {0x4, "EPOLLOUT"}, {1 << 28, "EPOLLEXCLUSIVE"}} {
		if bits&event.bit != 0 {
			names = append(names, event.name)
		}
	}
	return strings.Join(names, "|")
}
