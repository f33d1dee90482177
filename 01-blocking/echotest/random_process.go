package echotest

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Processes returns the ids of the server's process and of its workers that
// are processes, in order, without those that have ended. Linux only: it looks
// into /proc, as all here does.
func (s *Server) Processes() []int {
	pids := []int{s.PID()}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		stat, _ := os.ReadFile(path) // or it has ended meanwhile
		_, after, _ := strings.Cut(string(stat), ") ")
		if f := strings.Fields(after); len(f) > 1 && f[0] != "Z" && f[1] == fmt.Sprint(s.PID()) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			pids = append(pids, pid)
		}
	}
	slices.Sort(pids[1:])
	return pids
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
	table, err := os.ReadFile("/proc/net/tcp")
	if err != nil {
		return nil, err
	}
	open := map[string]bool{}
	for _, link := range Descriptors(pid) {
		open[link] = true
	}
	clients := map[netip.AddrPort]bool{}
	local := fmt.Sprintf(":%04X", s.Addr.Port())
	for line := range strings.Lines(string(table)) {
		f := strings.Fields(line)
		if len(f) < 10 || !strings.HasSuffix(f[1], local) || !open["socket:["+f[9]+"]"] {
			continue
		}
		addr, err := parseKernelAddr(f[2])
		if err != nil {
			return nil, err
		}
		if addr.Port() != 0 { // not the listening socket
			clients[addr] = true
		}
	}
	return clients, nil
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

// Suspend stops process pid (SIGSTOP) and waits until every thread of it
// stands still. SIGCONT has it go on.
func Suspend(pid int) error { return suspend(pid) }
