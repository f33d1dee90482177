package sock

import (
	"time"

	"golang.org/x/sys/unix"
)

// Accept waits for a client and returns its socket, whose reads and writes
// wait too. The error is the kernel's errno; nothing is open then.
//
// EINTR is not one of them: a signal that interrupts the wait starts it again.
func (s *Socket) Accept() (*Socket, error) {
	return s.accept(Blocking)
}

// TryAccept returns the socket of a client that is in the queue; its reads and
// writes never wait. The error is the kernel's errno, EAGAIN when the queue is
// empty; nothing is open then. The socket s must be non-blocking.
func (s *Socket) TryAccept() (*Socket, error) {
	return s.accept(NonBlocking)
}

func (s *Socket) accept(mode Mode) (*Socket, error) {
	fd, remote, err := acceptDescriptor(s.fd, mode)
	for err == unix.EINTR {
		fd, remote, err = acceptDescriptor(s.fd, mode)
	}
	if err != nil {
		return nil, err
	}
	if s.skipTexts {
		return &Socket{fd: fd}, nil
	}
	// The listener may be bound to every address of this machine: only the
	// client's own socket knows which one it came to.
	local, err := unix.Getsockname(fd)
	if err != nil {
		unix.Close(fd)
		return nil, err
	}
	return &Socket{fd: fd, text: textOf(fd, local, remote)}, nil
}

// Classify sorts what accept can say. The queue is the same afterwards unless a
// client that had already gone was taken from it. Source: accept(2), "Error
// handling".
func Classify(err error) Trouble {
	switch err {
	case unix.EMFILE, unix.ENFILE, unix.ENOBUFS, unix.ENOMEM:
		return Full
	case unix.EBADF, unix.EFAULT, unix.EINVAL, unix.ENOTSOCK:
		return Broken
	}
	return Passing
}

// Trouble says what to do after an accept that accepted nobody.
type Trouble int

const (
	Passing Trouble = iota // nobody is there, or whoever was has gone: go on
	Full                   // out of descriptors or memory: try again after Rest
	Broken                 // this socket will never accept again
)

// Rest is how long to leave a listening socket alone that is Full. It is still
// readable, so a loop that went on watching it would spin.
const Rest = 100 * time.Millisecond

// Read waits until something has come, and returns how many bytes of it are in
// p; 0 means that the peer sends nothing more. The error is the kernel's errno.
func (s *Socket) Read(p []byte) (int, error) {
	for {
		n, err := unix.Read(s.fd, p)
		if err != unix.EINTR {
			return n, err
		}
	}
}

// Write waits until the kernel has taken all of p, or an error says that it
// never will. It returns how many bytes were taken.
//
// One write can take less than it was given, also on a blocking socket: a
// signal that arrives in the middle ends it early. Source: write(2).
func (s *Socket) Write(p []byte) (int, error) {
	sent := 0
	for sent < len(p) {
		n, err := unix.Write(s.fd, p[sent:])
		if n > 0 {
			sent += n
		}
		if err != nil && err != unix.EINTR {
			return sent, err
		}
	}
	return sent, nil
}
