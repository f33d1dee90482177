package server

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"example.com/echo/01-blocking/echotest/procfs"
)

// StartForeign starts the reader's own server by a shell command, in which {addr},
// or {host} and {port}, stand for the address to listen on. It is up when it
// listens there, whether it prints anything or not.
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
	s.Addr, s.mark = addr, cmd.Env[len(cmd.Env)-1]
	err = s.waitUntil(fmt.Sprintf("listened on %v", addr), s.listens)
	if s.isInBackground() {
		s.Kill()
		err = fmt.Errorf("%s: the server went to the background; it must stay in the foreground", command)
	}
	if err == nil {
		s.settle()
	}
	return s, err
}

// StartOther starts a server of which it is certain that it writes the event log,
// by a command as StartForeign does. As Start does, it waits for the first line.
func StartOther(command string) (*Server, error) {
	cmd, err := shell(command, netip.MustParseAddrPort("127.0.0.1:0"))
	if err != nil {
		return nil, err
	}
	s, err := start(cmd, false)
	if err == nil {
		s.mark = cmd.Env[len(cmd.Env)-1]
	}
	return s, err
}

// shell returns the command with the address filled in. By the last variable of its
// environment the processes are known that it has started, whoever is their parent.
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
		cmd.Dir = filepath.Dir(lesson) // where go test was called: a lesson's tests run in the lesson
		for _, word := range strings.Fields(command) {
			Note(filepath.Join(cmd.Dir, word)) // if it is a file
		}
	}
	mark := fmt.Sprintf("ECHO_SERVER_UNDER_TEST=%d.%d", os.Getpid(), commands.Add(1))
	cmd.Env = append(os.Environ(), "PYTHONUNBUFFERED=1", mark)
	return cmd, nil
}

var commands atomic.Uint32 // so far

// freeAddr returns an address that nobody listens on, and another one each time.
// Its port is not one that the kernel gives to clients: one of them could get it
// before the server does. Source: ip(7), ip_local_port_range.
func freeAddr() (netip.AddrPort, error) {
	const first, ports, tries = 20_000, 12_000, 100
	var err error
	for range tries {
		var l net.Listener
		addr := fmt.Sprintf("127.0.0.1:%d", first+nextPort.Add(1)%ports)
		if l, err = net.Listen("tcp", addr); err == nil {
			defer l.Close()
			return netip.ParseAddrPort(addr)
		}
	}
	return netip.AddrPort{}, err
}

// nextPort counts from anywhere: other tests may do the same at the same time.
var nextPort atomic.Uint32

func init() { nextPort.Store(rand.Uint32()) }

// listens reports whether a process of the server's listens on its port, and finds
// those that do and are not of its family.
func (s *Server) listens() (bool, error) {
	family := procfs.Family(s.PID())
	s.looks++
	if !slices.ContainsFunc(family, procfs.HasSockets) && s.looks%50 != 0 {
		return false, nil // the kernel's tables can be long
	}
	isListener, err := s.listeners()
	if err != nil || slices.ContainsFunc(family, isListener) {
		return err == nil, err
	}
	s.strays = slices.DeleteFunc(procfs.Started(s.mark), func(pid int) bool { return !isListener(pid) })
	return len(s.strays) > 0, nil
}

// isInBackground reports whether the command has ended, in good order, and
// something that it has started listens, or soon will.
func (s *Server) isInBackground() bool {
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for range 100 {
		if !procfs.HasEnded(s.PID()) || s.HasEnded() && s.endErr != nil {
			return false
		}
		if ok, err := s.listens(); ok || err != nil {
			return ok
		}
		<-again.C
	}
	return false
}

// settle waits until the server does nothing for a moment: it may listen before
// it is ready for a signal. One that spins has to be ready as it is.
func (s *Server) settle() {
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for before, tries := procfs.WorkOf(s.Roots()...), 100; tries > 0; tries-- {
		<-again.C
		work := procfs.WorkOf(s.Roots()...)
		if ran, waited := work.Since(before); ran+waited == 0 && !work.IsRunning {
			return
		}
		before = work
	}
}

// listener returns the process that serves, and not one that only waits for it,
// as sh, npm or go run do: the last one in the line of parents whose family has
// all processes that listen. Where several listen, it has started them.
func (s *Server) listener() int {
	all := procfs.Family(s.Roots()...)
	isListener, _ := s.listeners()
	found, listening := all[0], slices.DeleteFunc(slices.Clone(all), func(pid int) bool { return !isListener(pid) })
	for _, pid := range all {
		family := procfs.Family(pid)
		if len(listening) > 0 && !slices.ContainsFunc(listening, func(pid int) bool { return !slices.Contains(family, pid) }) {
			found = pid // parents come before their children
		}
	}
	return found
}

// listeners returns the test whether a process has a socket open that listens on
// the server's port.
func (s *Server) listeners() (isListener func(pid int) bool, err error) {
	sockets, err := procfs.Listeners(int(s.Addr.Port()))
	return func(pid int) bool {
		return slices.ContainsFunc(sockets, func(socket procfs.TCPSocket) bool { return socket.IsHeldBy(pid) })
	}, err
}

// killStarted ends what the command has started and its parent has left: it may
// hold the server's output.
func (s *Server) killStarted() {
	if s.isByCommand() {
		for _, pid := range procfs.Started(s.mark) {
			syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}

// isByCommand reports whether a shell command has started the server, which may
// have other processes before it, and outside of its process group.
func (s *Server) isByCommand() bool { return s.mark != "" }
