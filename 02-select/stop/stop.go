// Package stop tells a running loop to stop: in a way that the loop can wait
// for, as it waits for its clients.
//
// A signal need not end the system call that the loop waits in: the kernel gives
// the signal to some thread of the process, seldom to the loop's. So the loop
// watches one more descriptor, which becomes readable when it is time.
package stop

import (
	"fmt"
	"os"
	"sync/atomic"
)

// A Signal is sent once and stays sent. Several loops of a process can watch
// one. Its methods may be called from any goroutine.
type Signal struct {
	read, write *os.File // both ends of a pipe; kept, or the garbage collector closes them
	fd          int
	sent        atomic.Bool
}

// New returns a Signal that is not sent. It holds both ends of a pipe, for as
// long as the process lives: a self-pipe, D. J. Bernstein's way of turning an
// event inside the process into one that select sees.
//
// With the first pipe Go opens two descriptors for a poller of its own. Making
// the Signal before any client comes has two merits: the clients get the same
// numbers in every run, and Go never needs the two when none are left.
func New() (*Signal, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("stop: %w", err)
	}
	return &Signal{read: read, write: write, fd: int(read.Fd())}, nil
}

// FD returns the descriptor that is readable once the signal is sent. Nobody
// reads it: so every loop that watches it sees it.
func (s *Signal) FD() int { return s.fd }

// Send sends the signal. A second Send does nothing.
func (s *Signal) Send() {
	if !s.sent.Swap(true) {
		s.write.Write([]byte{0})
	}
}

// Sent reports whether Send was called.
func (s *Signal) Sent() bool { return s.sent.Load() }
