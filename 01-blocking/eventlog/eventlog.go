// Package eventlog is the event log on standard output: one whole line an
// event, in the words of the original Python program.
//
// A loop appends lines to its Log and flushes it before every wait: one write
// call a turn, however many events the turn had. So an event is in the log
// before the loop waits again.
package eventlog

import (
	"fmt"
	"io"
	"sync"

	"golang.org/x/sys/unix"
)

// A Log collects the lines of one loop. Its methods may be called from any
// goroutine, because the one that ends the program writes out the rest.
type Log struct {
	out io.Writer

	mu    sync.Mutex
	lines []byte
	err   error
}

// full is the size in bytes at which a Log is written out before its turn
// ends, so that a turn with many large messages does not pile them up.
const full = 256 << 10

// New returns a Log that writes to out; with a nil out it is quiet and writes
// nothing.
func New(out io.Writer) *Log { return &Log{out: out} }

// ServerCreated logs that sock listens.
func (l *Log) ServerCreated(sock string) {
	l.line("Created server sock ", sock)
}

// ClientCreated logs that sock was accepted from the address peer.
func (l *Log) ClientCreated(sock, peer string) {
	l.line("Created client sock ", sock, " with addr ", peer)
}

// DataSent logs that the whole message went to sock.
func (l *Log) DataSent(message []byte, sock string) {
	if l.out == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, "Data sent "...)
	l.lines = AppendBytes(l.lines, message)
	l.endLine(" to ", sock)
}

// ClientClosed logs that sock is closed after its peer said that it has
// nothing more to send, and nothing was owed.
func (l *Log) ClientClosed(sock string) {
	l.line("Closed client sock ", sock)
}

// ClientLost logs that sock is closed because of err.
func (l *Log) ClientLost(sock string, err error) {
	l.line("Lost client sock ", sock, ": ", err.Error())
}

func (l *Log) line(parts ...string) {
	if l.out == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.endLine(parts...)
}

func (l *Log) endLine(parts ...string) {
	for _, part := range parts {
		l.lines = append(l.lines, part...)
	}
	l.lines = append(l.lines, '\n')
	if len(l.lines) >= full {
		l.flush()
	}
}

// Flush writes out what was logged: call it before every wait. The error is
// the first one that a write met; nothing is written after it.
func (l *Log) Flush() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.lines) > 0 {
		l.flush()
	}
	return l.err
}

func (l *Log) flush() {
	if l.err == nil {
		_, l.err = l.out.Write(l.lines)
	}
	l.lines = l.lines[:0]
}

// An Output writes to the descriptor of that number, and never closes it. It
// leaves the descriptor's flags alone: a standard output made non-blocking
// breaks the shell's other programs, which share it.
type Output int

// Write writes all of p, and waits for as long as the reader is slow. The
// error says why the rest cannot be written.
func (o Output) Write(p []byte) (int, error) {
	for sent := 0; sent < len(p); {
		n, err := unix.Write(int(o), p[sent:])
		switch err {
		case nil:
			sent += n
		case unix.EINTR:
		case unix.EAGAIN: // whoever started us made it non-blocking
			unix.Poll([]unix.PollFd{{Fd: int32(o), Events: unix.POLLOUT}}, -1)
		default:
			return sent, fmt.Errorf("write standard output: %w", err)
		}
	}
	return len(p), nil
}
