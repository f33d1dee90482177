package server

import (
	cryptorand "crypto/rand"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"example.com/echo/01-blocking/echotest/procfs"
)

// StartForeign starts the reader's own server by a shell command, in which {addr},
// or {host} and {port}, stand for the address to listen on. It is up when it
// listens there and waits, whether it prints anything or not.
func StartForeign(command string) (*Server, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	cmd, err := shell(command, addr)
	if err != nil {
		return nil, err
	}
	s, err := start(cmd, true)
	if err != nil {
		return nil, err
	}
	s.Addr = addr
	looks := 0
	err = s.waitUntil(fmt.Sprintf("listened on %v", addr), func() (bool, error) {
		if looks++; looks%100 == 0 { // it takes long
			s.FindStrays()
		}
		return s.isListening()
	})
	if s.isInBackground() {
		err = fmt.Errorf("%s: the server went to the background; it must stay in the foreground", command)
	}
	if err != nil {
		s.Kill()
		return nil, err
	}
	s.Settle()
	_, err = s.isListening() // all of its processes have begun
	return s, err
}

// StartOther starts a server of which it is certain that it writes the event log,
// by a command as StartForeign does. As Start does, it waits for the first line.
func StartOther(command string) (*Server, error) {
	cmd, err := shell(command, netip.MustParseAddrPort("127.0.0.1:0"))
	if err != nil {
		return nil, err
	}
	return start(cmd, false)
}

// shell returns the command with the address filled in. It runs in the directory
// above the lesson, where go test was called.
func shell(command string, addr netip.AddrPort) (*exec.Cmd, error) {
	host, port := addr.Addr().String(), strconv.Itoa(int(addr.Port()))
	filled := strings.NewReplacer("{addr}", addr.String(), "{host}", host, "{port}", port).Replace(command)
	if filled == command {
		return nil, fmt.Errorf("%s: put {addr}, or {host} and {port}, where the server takes its address", command)
	}
	if !strings.ContainsAny(filled, "=;&|<>()\n") {
		filled = "exec " + filled // without a shell between, it ends when this process does
	}
	cmd := exec.Command("sh", "-c", filled)
	if lesson, err := Lesson(); err == nil {
		cmd.Dir = filepath.Dir(lesson)
		for _, word := range strings.Fields(command) {
			Note(filepath.Join(cmd.Dir, word)) // if it is a file
		}
	}
	cmd.Env = append(os.Environ(), "PYTHONUNBUFFERED=1", markName+cryptorand.Text())
	return cmd, nil
}

// markName begins the variable in the environment by which the processes are
// known that a shell command has started, whatever became of their parents.
const markName = "ECHO_SERVER_UNDER_TEST="

// mark returns that variable, "" for a lesson's program, which needs none.
func (s *Server) mark() string {
	for _, variable := range s.cmd.Env {
		if strings.HasPrefix(variable, markName) {
			return variable
		}
	}
	return ""
}

// Ports that servers are told to listen on: not those that the kernel gives to
// clients, since one of them could get it before the server does. A process of
// tests takes a row of them, and goes round in it. Source: ip(7),
// ip_local_port_range.
const firstPort, rows, portsInRow = 20_000, 60, 200

// freeAddr returns an address that nobody listens on, and another one each time.
func freeAddr() (netip.AddrPort, error) {
	mine, err := row()
	if err != nil {
		return netip.AddrPort{}, err
	}
	for range portsInRow {
		addr := fmt.Sprintf("127.0.0.1:%d", mine.first+nextPort.Add(1)%portsInRow)
		withoutForks(func() {
			var l net.Listener
			if l, err = net.Listen("tcp", addr); err == nil {
				l.Close()
			}
		})
		if err == nil {
			return netip.ParseAddrPort(addr)
		}
	}
	return netip.AddrPort{}, err
}

var nextPort atomic.Uint32

// A portRow is marked by a socket of an abstract name, which is gone when the
// process is. Source: unix(7).
type portRow struct {
	first uint32
	mark  net.Listener // nil where there are no abstract names
}

// row is this process's row.
var row = sync.OnceValues(func() (portRow, error) { return takeRow(rand.Uint32N(rows)) })

// takeRow returns a row that no other process of tests has. If two had the same,
// a look whether a port is free would take it, for a moment, from the other's
// server that was just told to listen there.
func takeRow(begin uint32) (r portRow, err error) {
	for i := range uint32(rows) {
		r.first = firstPort + (begin+i)%rows*portsInRow
		if runtime.GOOS != "linux" {
			return r, nil
		}
		if r.mark, err = net.Listen("unix", fmt.Sprintf("@echotest-ports-%d", r.first)); err == nil {
			return r, nil
		}
	}
	return r, fmt.Errorf("other tests have all ports: %w", err)
}

// isListening reports whether a process of the server's listens on its port. If
// so, it notes which one serves.
func (s *Server) isListening() (bool, error) {
	all := procfs.Family(append([]int{s.PID()}, s.strays...)...)
	listening, err := s.listening(all)
	if err != nil || len(listening) == 0 {
		return false, err
	}
	smallest := 0
	for _, pid := range all {
		family := procfs.Family(pid)
		isMissing := slices.ContainsFunc(listening, func(pid int) bool { return !slices.Contains(family, pid) })
		if !isMissing && (smallest == 0 || len(family) < smallest) {
			s.main, smallest = pid, len(family)
		}
	}
	return true, nil
}

// listening returns those of the processes that listen on the server's port: one
// that is closed may have been given to another server.
func (s *Server) listening(pids []int) ([]int, error) {
	if !slices.ContainsFunc(pids, procfs.HasSockets) {
		return nil, nil // the kernel's tables can be long
	}
	sockets, err := procfs.Listeners(int(s.Addr.Port()))
	return slices.DeleteFunc(slices.Clone(pids), func(pid int) bool {
		return !slices.ContainsFunc(sockets, func(socket procfs.TCPSocket) bool { return socket.IsHeldBy(pid) })
	}), err
}

// FindStrays notes which processes are the server's, though their parents have
// left them.
func (s *Server) FindStrays() {
	family := procfs.Family(s.PID())
	s.strays = slices.DeleteFunc(procfs.Marked(s.mark()), func(pid int) bool { return slices.Contains(family, pid) })
}

// isInBackground reports whether the command has ended in good order, and
// something that it has started listens, or soon will.
func (s *Server) isInBackground() bool {
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for range 100 {
		if !procfs.HasEnded(s.PID()) || s.HasEnded() && s.endErr != nil {
			return false
		}
		s.FindStrays()
		if ok, err := s.isListening(); ok || err != nil {
			return ok
		}
		<-again.C
	}
	return false
}

// Settle waits until the server does nothing for a moment: it may listen before
// it is ready for a signal, or has closed what it started its workers with. One
// that spins has to be ready as it is.
func (s *Server) Settle() {
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for before, tries := procfs.WorkOf(s.Roots()...), 100; tries > 0; tries-- {
		<-again.C
		now := procfs.WorkOf(s.Roots()...)
		if ran, _ := now.Since(before); ran == 0 && !now.IsRunning {
			return
		}
		before = now
	}
}
