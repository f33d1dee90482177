// Package server runs the server under test: it builds a lesson's program, starts
// it or any other server, follows its log, and ends it.
package server

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"example.com/echo/01-blocking/echotest/logfile"
	"example.com/echo/01-blocking/echotest/procfs"
)

// A Server is a running server under test: a process of its own, whose log is
// read and checked line by line as it comes.
type Server struct {
	Addr netip.AddrPort

	// Timer is how long the server may do nothing because a timer of its own
	// runs. Waits for it last longer by that.
	Timer time.Duration

	cmd     *exec.Cmd
	log     *logfile.Reader
	errors  bytes.Buffer // standard error; complete when ended is closed
	foreign bool         // the reader's own: perhaps without a log
	told    atomic.Int32 // the last signal that is to end it; 0 for none
	ended   chan struct{}
	endErr  error
}

// Start starts the program at path with args on a free port, and waits for its
// first line, which names the port. Whoever starts it calls Stop or Kill.
func Start(path string, args ...string) (*Server, error) {
	return start(exec.Command(path, append([]string{"-addr", "127.0.0.1:0"}, args...)...), false)
}

// StartForeign starts the reader's own server by a shell command, in which
// {addr} stands for the address to listen on. It is up when it listens there,
// whether it prints anything or not.
func StartForeign(command string) (*Server, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	s, err := start(shell(command, addr.String()), true)
	if err != nil {
		return nil, err
	}
	s.Addr = addr
	return s, s.waitUntil(fmt.Sprintf("listened on %v", addr), func() (bool, error) {
		return procfs.IsListening(int(addr.Port()))
	})
}

// StartOther starts a server of which it is certain that it writes the event log,
// by a command as StartForeign does. As Start does, it waits for the first line.
func StartOther(command string) (*Server, error) { return start(shell(command, "127.0.0.1:0"), false) }

// StartCommand starts a server that writes the event log, by a command that
// becomes it.
func StartCommand(cmd *exec.Cmd) (*Server, error) { return start(cmd, false) }

func shell(command, addr string) *exec.Cmd {
	cmd := exec.Command("sh", "-c", "exec "+strings.ReplaceAll(command, "{addr}", addr))
	if lesson, err := Lesson(); err == nil {
		cmd.Dir = filepath.Dir(lesson) // where go test was called: a lesson's tests run in the lesson
		for _, word := range strings.Fields(command) {
			Note(filepath.Join(cmd.Dir, word)) // if it is a file
		}
	}
	cmd.Env = append(os.Environ(), "PYTHONUNBUFFERED=1")
	return cmd
}

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
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	cmd.Stderr = &s.errors
	if err := Launch(cmd); err != nil {
		return nil, err
	}
	go func() {
		s.log.ReadAll(stdout)
		s.endErr = cmd.Wait()
		close(s.ended)
	}()
	if foreign {
		return s, nil
	}
	first, ok := s.Wait(func(e logfile.Event) bool { return e.Kind == logfile.ServerCreated })
	if !ok {
		s.Kill()
		return nil, fmt.Errorf("%s did not start: %v\n%s", cmd, s.endErr, &s.errors)
	}
	host, err := netip.ParseAddr(first.Socket.LocalHost)
	s.Addr = netip.AddrPortFrom(host, uint16(first.Socket.LocalPort))
	return s, err
}

// freeAddr returns an address that nobody listens on. Another process could
// take it before the server does; only a server that cannot choose a port
// itself is given one.
func freeAddr() (netip.AddrPort, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return netip.AddrPort{}, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).AddrPort(), nil
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
		s.Kill()
		return fmt.Errorf("%s has not %s: %v\n%s", s.cmd, what, s.endErr, &s.errors)
	}
}

// PID returns the process id of the server, or of the supervisor of several.
func (s *Server) PID() int { return s.cmd.Process.Pid }

// Processes returns the ids of the server's process and of its workers that
// are processes, in order, without those that have ended.
func (s *Server) Processes() []int {
	family := procfs.Family(s.PID())
	workers := slices.DeleteFunc(family[1:], procfs.HasEnded)
	slices.Sort(workers)
	return append(family[:1], workers...)
}

// Signal sends the server a signal.
func (s *Server) Signal(signal syscall.Signal) error {
	if slices.Contains([]syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGKILL}, signal) {
		s.told.Store(int32(signal))
	}
	return s.cmd.Process.Signal(signal)
}

// IsToldToEnd reports whether somebody has sent the server a signal to end it.
func (s *Server) IsToldToEnd() bool { return s.told.Load() != 0 }

// StartAgain starts the same program once more, with the same flags, at addr.
func (s *Server) StartAgain(addr string) (*Server, error) {
	return Start(s.cmd.Path, append(slices.Clone(s.cmd.Args[3:]), "-addr", addr)...)
}

// Wait waits until an event that is wanted is in the log, and returns the first
// such event.
func (s *Server) Wait(wanted func(logfile.Event) bool) (logfile.Event, bool) {
	return s.WaitFor(wanted, Idle)
}

// WaitFor is Wait, but gives up when the server was idle for so long.
func (s *Server) WaitFor(wanted func(logfile.Event) bool, idle time.Duration) (logfile.Event, bool) {
	over, cancel := s.over(idle)
	defer cancel()
	return s.log.Wait(wanted, over)
}

// Log returns the events so far. The error tells of the first line that is not
// one of the log's.
func (s *Server) Log() ([]logfile.Event, error) {
	events, err := s.log.Events()
	if s.foreign && (len(events) == 0 || events[0].Kind != logfile.ServerCreated) {
		return nil, nil
	}
	return events, err
}

// Output is Log, also where what the server writes is no log.
func (s *Server) Output() ([]logfile.Event, error) { return s.log.Events() }

// CountLog returns how many events are in the log so far.
func (s *Server) CountLog() int { return s.log.Count() }

// Logs reports whether the server writes the event log. A server of the reader's
// own may print what it likes, or nothing.
func (s *Server) Logs() bool {
	events, _ := s.Log()
	return !s.foreign || len(events) > 0
}
