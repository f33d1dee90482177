package sock

import (
	"time"

	"golang.org/x/sys/unix"
)

// ReadSize is how many bytes one read asks for, and so the longest message. A
// bounded read a turn is what keeps one busy client from starving the others.
const ReadSize = 64 << 10

// Accept waits for a client and returns its socket, which the caller closes.
// The error is the kernel's errno; nothing is open then.
//
// EINTR is not one of them: after a signal it waits again. Source: accept(2).
func (s *Socket) Accept() (*Socket, error) {
	for {
		fd, peer, err := accept(s.fd)
		if err == nil {
			return New(fd, peer)
		}
		if err != unix.EINTR {
			return nil, err
		}
	}
}

// Read waits until something has come, and returns how many bytes of it are in
// p; 0 means that the peer sends nothing more. The error is the kernel's errno,
// never EINTR. Source: read(2).
func (s *Socket) Read(p []byte) (int, error) {
	for {
		n, err := unix.Read(s.fd, p)
		if err != unix.EINTR {
			return n, err
		}
	}
}

// Write waits until the kernel has taken all of p. The error is the kernel's
// errno, never EINTR, and says that it will not take the rest.
//
// One write can take less than it was given, even on a blocking socket: a
// signal that arrives in the middle ends it early. Source: write(2).
func (s *Socket) Write(p []byte) error {
	for len(p) > 0 {
		n, err := unix.Write(s.fd, p)
		if n > 0 {
			p = p[n:]
		}
		if err != nil && err != unix.EINTR {
			return err
		}
	}
	return nil
}

// Trouble says what to do after an accept that failed.
type Trouble int

const (
	Passing Trouble = iota // nobody is there, or the client has gone: go on
	Full                   // out of descriptors or memory: try again after FullRest
	Broken                 // this socket will never accept again
)

// Classify sorts the errors of accept. Source: accept(2), "Error handling".
func Classify(err error) Trouble {
	switch err {
	case unix.EMFILE, unix.ENFILE, unix.ENOBUFS, unix.ENOMEM:
		return Full
	case unix.EBADF, unix.EFAULT, unix.EINVAL, unix.ENOTSOCK:
		return Broken
	}
	return Passing
}

// FullRest is how long to leave a listening socket alone after Full. The client
// is still in the queue, so trying again at once would fail at once.
const FullRest = 100 * time.Millisecond
