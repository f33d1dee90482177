package server

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"time"

	"example.com/echo/01-blocking/echotest/procfs"
	"golang.org/x/sys/unix"
)

// Stop asks the server to stop and waits until it has. The error tells how it
// ended otherwise than with status 0, and what it said.
//
// It asks with SIGTERM: whoever is started in the background by a shell ignores
// SIGINT, and so do the programs that it starts. A server of the reader's own
// may end as it likes, as long as it does.
func (s *Server) Stop() error {
	s.Signal(syscall.SIGTERM) // again, perhaps: then it does nothing
	err := s.WaitEnd()
	if s.foreign && s.HasEnded() && !errors.Is(err, errStays) {
		return nil
	}
	return err
}

var errStays = errors.New("the server")

// WaitEnd waits until the server has ended. The error tells how, if not with
// status 0, and what it said.
func (s *Server) WaitEnd() error {
	if !s.AwaitEnd(Idle) {
		why := s.Stays()
		s.Kill()
		return fmt.Errorf("%w expected to end, but %s", errStays, why)
	}
	if s.endErr != nil {
		return fmt.Errorf("the server expected to end with exit status 0, but it ended with %s: %s", s.Status(), s.Errors())
	}
	return nil
}

// AwaitEnd waits until the server has ended, or has been idle for so long, and
// reports whether it has ended.
func (s *Server) AwaitEnd(idle time.Duration) bool {
	over, cancel := s.over(idle)
	defer cancel()
	<-over
	return s.HasEnded()
}

// Stays says how a server that has not ended takes the signal to end.
func (s *Server) Stays() string {
	if !s.IgnoresSignals() {
		return "it does not"
	}
	return fmt.Sprintf("it ignores %s: it still listens", unix.SignalName(syscall.Signal(s.told.Load())))
}

// IgnoresSignals reports whether the server was told to end and still listens.
func (s *Server) IgnoresSignals() bool {
	listens, _ := procfs.IsListening(int(s.Addr.Port()))
	isDeadly := s.told.Load() == int32(syscall.SIGKILL) // who still listens is a worker
	return s.IsToldToEnd() && !isDeadly && listens && !s.HasEnded()
}

// HasEnded reports whether the server has ended.
func (s *Server) HasEnded() bool {
	select {
	case <-s.ended:
		return true
	default:
		return false
	}
}

// End says how a server has ended, and the first line that it wrote to standard
// error.
func (s *Server) End() string {
	first, _, _ := strings.Cut(s.Errors(), "\n")
	return s.Status() + ": " + first
}

// AllErrors returns what a server that has ended wrote to standard error, if that
// is more than End has; of much the beginning and the end.
func (s *Server) AllErrors() string {
	const shown = 10
	lines := strings.Split(strings.TrimSpace(s.Errors()), "\n")
	switch {
	case len(lines) == 1:
		return ""
	case len(lines) > 2*shown:
		lines = slices.Concat(lines[:shown], []string{"..."}, lines[len(lines)-shown:])
	}
	return "all of it:\n" + strings.Join(lines, "\n")
}

// Status says how a server has ended: "exit status 1", "signal: killed".
func (s *Server) Status() string {
	if s.endErr == nil {
		return "exit status 0"
	}
	return s.endErr.Error()
}

// ExitCode returns the exit status of a server that has ended.
func (s *Server) ExitCode() int { return s.cmd.ProcessState.ExitCode() }

// Errors returns what a server that has ended wrote to standard error.
func (s *Server) Errors() string { return s.errors.String() }

// Kill ends the server and its workers at once, if they have not ended, and
// waits until they have.
func (s *Server) Kill() {
	if s.HasEnded() {
		return
	}
	s.told.Store(int32(syscall.SIGKILL))
	syscall.Kill(-s.PID(), syscall.SIGKILL) // its whole group
	<-s.ended
}

// KillGroup kills what is left of the server's process group: also workers that
// a dead supervisor has left behind.
func (s *Server) KillGroup() {
	syscall.Kill(-s.PID(), syscall.SIGKILL)
	s.Kill()
}
