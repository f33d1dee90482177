package echotest

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Processes returns the ids of the server's process and of its workers that
// are processes, in order, without those that have ended. Linux only: it looks
// into /proc, as all here does.
func (s *Server) Processes() []int {
	family := s.processes()
	workers := slices.DeleteFunc(family[1:], func(pid int) bool {
		state := stateOf(fmt.Sprintf("/proc/%d", pid))
		return state == "Z" || state == ""
	})
	slices.Sort(workers)
	return append(family[:1], workers...)
}

// Descriptors returns what the open descriptors of process pid are, as /proc
// calls it: socket:[4711], pipe:[4712], /dev/null. None are left when it has
// ended.
func Descriptors(pid int) []string {
	var links []string
	paths, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	for _, path := range paths {
		if link, err := os.Readlink(path); err == nil {
			links = append(links, link)
		}
	}
	return links
}

// ClientsOf returns the addresses of the clients whose connections process pid
// has accepted and not closed. While that process is suspended they stay the
// same.
func (s *Server) ClientsOf(pid int) (map[netip.AddrPort]bool, error) {
	open := map[string]bool{}
	for _, link := range Descriptors(pid) {
		open[link] = true
	}
	clients := map[netip.AddrPort]bool{}
	local := atPort(int(s.Addr.Port()))
	var wrong error
	err := eachSocket(func(socket tcpSocket) bool {
		if strings.HasSuffix(socket.local, local) && socket.state != listens && open["socket:["+socket.inode+"]"] {
			var addr netip.AddrPort
			addr, wrong = parseKernelAddr(socket.remote)
			clients[addr] = true
		}
		return wrong == nil
	})
	return clients, errors.Join(err, wrong)
}

// Suspend stops process pid (SIGSTOP) and waits until every thread of it
// stands still. SIGCONT has it go on.
func Suspend(pid int) error { return suspend(pid) }
