// Package server runs the server under test: it builds a lesson's program, starts
// it or any other server, follows its log, and ends it.
package server

import (
	"bytes"
	"fmt"
	"net/netip"
	"os/exec"
	"slices"
	"strings"
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

	// MostWork is how much processor time the server may use before it is vain to
	// wait for it any longer: then it spins. 0 is no limit.
	MostWork time.Duration

	cmd     *exec.Cmd
	log     *logfile.Reader
	errors  bytes.Buffer // standard error; complete when ended is closed
	stdout  *output
	stderr  *output
	paused  atomic.Bool  // by PauseLog
	foreign bool         // the reader's own: perhaps without a log
	main    int          // the process that serves, where another one waits for it, as sh or go run do; else 0
	strays  []int        // processes of the server's that are not of its family
	told    atomic.Int32 // the last signal that is to end it; 0 for none
	ended   chan struct{}
	endErr  error
}

// PID returns the process id of the server, or of the supervisor of several.
func (s *Server) PID() int { return s.cmd.Process.Pid }

// Roots returns the ids of processes. They, and all that they have started, are
// the server's.
func (s *Server) Roots() []int {
	if s.HasEnded() { // another process may have its number by now
		return s.strays
	}
	return append([]int{s.PID()}, s.strays...)
}

// Processes returns the ids of the server's process and of its workers that
// are processes, in order, without those that have ended.
func (s *Server) Processes() []int {
	family := procfs.Family(s.PID())
	workers := slices.DeleteFunc(family[1:], procfs.HasEnded)
	slices.Sort(workers)
	return append(family[:1], workers...)
}

// Signal sends the server a signal: the process that serves, not one that only
// waits for it.
func (s *Server) Signal(signal syscall.Signal) error {
	if slices.Contains([]syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGKILL}, signal) {
		s.told.Store(int32(signal))
	}
	if s.main != 0 && !s.HasEnded() {
		return syscall.Kill(s.main, signal)
	}
	return s.cmd.Process.Signal(signal)
}

// server returns the id of the process that serves.
func (s *Server) server() int {
	if s.main != 0 {
		return s.main
	}
	return s.PID()
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

// PauseLog lets nobody read the log until resume is called.
func (s *Server) PauseLog() (resume func()) {
	goOn := s.log.Pause()
	s.paused.Store(true)
	return func() {
		s.paused.Store(false)
		goOn()
	}
}

// Printed returns how many bytes the server has printed so far that were read, and
// whether that is all, but for a log that is paused.
func (s *Server) Printed() (n int64, isAll bool) {
	isAll = !s.stderr.hasMore() && (s.paused.Load() || !s.stdout.hasMore())
	return s.stdout.read.Load() + s.stderr.read.Load(), isAll // what was read meanwhile counts
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

// LastLines returns the end of the log, for a failure's text.
func (s *Server) LastLines(names logfile.Names) string {
	events, err := s.Log()
	var b strings.Builder
	if len(events) > 0 {
		fmt.Fprintln(&b, "the log's last lines:")
	}
	for line := range strings.Lines(logfile.Render(events[max(0, len(events)-5):], logfile.InOrder, names)) {
		b.WriteString("  " + line)
	}
	if err != nil {
		fmt.Fprintln(&b, err)
	}
	return b.String()
}
