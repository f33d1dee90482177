package server

import (
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
// SIGINT, and so do the programs that it starts.
func (s *Server) Stop() error {
	s.Signal(syscall.SIGTERM) // again, perhaps: then it does nothing
	return s.WaitEnd()
}

// WaitEnd waits until the server has ended. The error tells how, if not with
// status 0, and what it said.
func (s *Server) WaitEnd() error {
	if !s.AwaitEnd(Idle) {
		why := s.Stays()
		s.Kill()
		return fmt.Errorf("the server expected to end, but %s", why)
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
	if procfs.HasEnded(s.PID()) && !s.leavesOthers() { // it has; whoever notices that is late
		select {
		case <-s.ended:
		case <-time.After(Patience):
		}
	}
	return s.HasEnded()
}

// Stays says how a server that has not ended takes the signal to end.
func (s *Server) Stays() string {
	hasEnded, listens := procfs.HasEnded(s.server()), s.stillListens()
	switch {
	case hasEnded && listens:
		return "it has ended, and left its listening socket to a process that it started: clients still connect, and nobody accepts them"
	case hasEnded && s.leavesOthers():
		return "it has ended, and a process that it started goes on"
	case listens:
		return fmt.Sprintf("it ignores %s: it still listens", unix.SignalName(syscall.Signal(s.told.Load())))
	}
	return "it does not"
}

// IgnoresSignal reports whether the server was told to end, and it still listens, or
// has ended itself and left processes behind that were not told.
func (s *Server) IgnoresSignal() bool {
	isDeadly := s.told.Load() == int32(syscall.SIGKILL) // who is left is a worker
	return s.IsToldToEnd() && !isDeadly && !s.HasEnded() && (s.stillListens() || procfs.HasEnded(s.server()) && s.leavesOthers())
}

// leavesOthers reports whether any process goes on that a shell command has started.
func (s *Server) leavesOthers() bool { return len(procfs.Marked(s.mark())) > 0 }

func (s *Server) stillListens() bool {
	listening, _ := s.listening(slices.Concat(procfs.Family(s.Roots()...), procfs.Marked(s.mark())))
	return len(listening) > 0
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

// ExitCode returns the exit status of a server that has ended, or -1 if a signal
// has ended it. A shell adds 128 to the signal's number.
func (s *Server) ExitCode() int {
	code := s.cmd.ProcessState.ExitCode()
	if s.mark() != "" && code > 128 {
		return -1
	}
	return code
}

// Errors returns what a server that has ended wrote to standard error.
func (s *Server) Errors() string { return s.errors.String() }

// Kill ends the server and its workers at once, if they have not ended, and
// waits until they have.
func (s *Server) Kill() {
	if !s.HasEnded() {
		s.told.Store(int32(syscall.SIGKILL))
		syscall.Kill(-s.PID(), syscall.SIGKILL) // its whole group
	}
	s.killMarked()
	<-s.ended
}

// killMarked kills what a shell command has started, also in other groups and in
// the background, where it can hold the server's output.
func (s *Server) killMarked() {
	isOver := s.mark() == ""
	for tries := 1000; tries > 0 && !isOver; tries-- { // one may be about to start another
		marked := procfs.Marked(s.mark())
		for _, pid := range marked {
			syscall.Kill(pid, syscall.SIGKILL)
		}
		isOver = len(marked) == 0
	}
}

// KillGroup kills what is left of the server's process group: also workers that
// a dead supervisor has left behind.
func (s *Server) KillGroup() {
	syscall.Kill(-s.PID(), syscall.SIGKILL)
	s.Kill()
}
