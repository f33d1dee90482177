package server

import (
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"example.com/echo/01-blocking/echotest/logfile"
	"example.com/echo/01-blocking/echotest/procfs"
)

// Start starts the program at path with args on a free port, and waits for its
// first line, which names the port. Whoever starts it calls Stop or Kill.
func Start(path string, args ...string) (*Server, error) {
	return start(exec.Command(path, append([]string{"-addr", "127.0.0.1:0"}, args...)...), false)
}

// StartCommand starts a server that writes the event log, by a command that
// becomes it.
func StartCommand(cmd *exec.Cmd) (*Server, error) { return start(cmd, false) }

// StartQuiet starts the program at path with -quiet and args, and waits until
// it listens.
func StartQuiet(path string, args ...string) (*Server, error) {
	s, err := start(exec.Command(path, append([]string{"-addr", "127.0.0.1:0", "-quiet"}, args...)...), true)
	if err != nil {
		return nil, err
	}
	return s, s.waitUntil("listened", func() (ok bool, err error) {
		s.Addr, ok, err = procfs.ListensOn(s.PID())
		return ok, err
	})
}

// keepDescriptors keeps from the servers what this process inherited: a shell or
// a build machine may leave anything open, and the servers' descriptors would
// have other numbers than in the golden files.
var keepDescriptors = sync.OnceFunc(func() {
	entries, _ := os.ReadDir("/dev/fd")
	for _, entry := range entries {
		if fd, err := strconv.Atoi(entry.Name()); err == nil && fd > 2 {
			syscall.CloseOnExec(fd)
		}
	}
})

func start(cmd *exec.Cmd, foreign bool) (*Server, error) {
	keepDescriptors()
	s := &Server{cmd: cmd, log: logfile.NewReader(), foreign: foreign, ended: make(chan struct{})}
	var err error
	if s.stdout, err = newOutput(cmd.StdoutPipe()); err != nil {
		return nil, err
	}
	if s.stderr, err = newOutput(cmd.StderrPipe()); err != nil {
		return nil, err
	}
	if err := Launch(cmd); err != nil {
		return nil, err
	}
	var reading sync.WaitGroup
	reading.Go(func() { s.log.ReadAll(s.stdout) })
	reading.Go(func() { s.errors.ReadFrom(s.stderr) })
	go func() {
		reading.Wait()
		s.endErr = cmd.Wait()
		close(s.ended)
	}()
	if foreign {
		return s, nil
	}
	first, ok := s.Wait(func(e logfile.Event) bool { return e.Kind == logfile.ServerCreated })
	if !ok {
		s.Kill()
		return nil, fmt.Errorf("%s did not start: %v\n%s", filepath.Base(cmd.Path), s.endErr, &s.errors)
	}
	host, err := netip.ParseAddr(first.Socket.LocalHost)
	s.Addr = netip.AddrPortFrom(host, uint16(first.Socket.LocalPort))
	return s, err
}

// waitUntil waits until what is to happen has happened, as has says.
func (s *Server) waitUntil(what string, has func() (bool, error)) error {
	over, cancel := s.over(startPatience)
	defer cancel()
	again := time.NewTicker(2 * time.Millisecond)
	defer again.Stop()
	for {
		if ok, err := has(); ok || err != nil {
			return err
		}
		select {
		case <-again.C:
			continue
		case <-over:
		}
		became := "it waits for something else"
		if s.HasEnded() {
			became = "it has ended with " + s.Status()
		}
		s.Kill()
		return fmt.Errorf("%s has not %s: %s\n%s", s.cmd, what, became, &s.errors)
	}
}
