// Package stop tells a running loop that it is time to stop, whatever it is
// waiting in.
//
// A signal to the process does not interrupt a system call that a goroutine
// waits in: the kernel gives it to some thread, and Go restarts the call. So
// the loop itself must be waiting for something that Send can bring about: a
// descriptor that becomes readable (select, poll, epoll), or the very socket
// that it is blocked on being shut down.
package stop

import (
	"fmt"
	"os"
	"sync"
)

// A Signal is sent once and stays sent. Several loops of a process can share
// one. Its methods may be called from any goroutine.
type Signal struct {
	read, write *os.File // the self-pipe; kept, or the garbage collector closes it
	fd          int

	mu    sync.Mutex
	sent  bool
	waits map[any]func() // by loop: what ends the wait that it is in
}

// New returns a Signal that is not sent. Two descriptors are open from then on,
// for as long as the process lives: a self-pipe, the old trick of D. J.
// Bernstein's that turns an event inside the process into one that select sees.
//
// With the pipe Go opens the two descriptors of its own poller, which it would
// do sooner or later anyway. Making the Signal before any client comes is what
// gives the clients the same descriptors in every run.
func New() (*Signal, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("stop: %w", err)
	}
	return &Signal{read: read, write: write, fd: int(read.Fd()), waits: map[any]func(){}}, nil
}

// FD returns the descriptor that is readable once the signal is sent. Nobody
// reads it: every loop that watches it sees it, and goes on seeing it.
func (s *Signal) FD() int { return s.fd }

// Send sends the signal. A second Send does nothing.
func (s *Signal) Send() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sent {
		return
	}
	s.sent = true
	s.write.Write([]byte{0})
	for _, end := range s.waits {
		end()
	}
}

// Sent says whether Send was called.
func (s *Signal) Sent() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent
}

// Interrupt names what ends the wait that loop is about to begin, in place of
// what was named before; nil for nothing. It returns true, and Send will call
// end. Once the signal is sent it returns false and keeps nothing.
func (s *Signal) Interrupt(loop any, end func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sent {
		return false
	}
	if end == nil {
		delete(s.waits, loop)
	} else {
		s.waits[loop] = end
	}
	return true
}
