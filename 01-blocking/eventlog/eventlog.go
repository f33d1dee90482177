// Package eventlog is the event log on standard output: one whole line an
// event, in the words of the original Python program.
//
// A loop has a Log, where lines are only appended, and flushes it before every
// wait: one write call a turn, however many events the turn had. An event is
// thus in the log before the loop waits again. Several loops of one process
// each have a Log and share one Output, which keeps their lines whole.
package eventlog

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"sync"

	"golang.org/x/sys/unix"
)

// An Output writes whole lines to a descriptor, for several writers. It does
// not own the descriptor, and never closes it.
type Output struct {
	fd int
	mu sync.Mutex
}

// NewOutput returns an Output for descriptor fd. It leaves the descriptor's
// flags alone: made non-blocking, a standard output breaks the shell's other
// programs, which share it.
func NewOutput(fd int) *Output { return &Output{fd: fd} }

// WriteLines writes lines, which end with a newline, without anything of
// another writer in between. It waits for as long as the reader is slow. The
// error says why the rest cannot be written; the log is then at its end.
func (o *Output) WriteLines(lines []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(lines) > 0 {
		n, err := unix.Write(o.fd, lines)
		switch err {
		case nil:
			lines = lines[n:]
		case unix.EINTR:
		case unix.EAGAIN: // whoever started us made it non-blocking
			o.waitWritable()
		default:
			return fmt.Errorf("write standard output: %w", err)
		}
	}
	return nil
}

func (o *Output) waitWritable() {
	unix.Poll([]unix.PollFd{{Fd: int32(o.fd), Events: unix.POLLOUT}}, -1)
}

// A Log collects the lines of one loop. Only one goroutine may use it.
type Log struct {
	out   *Output
	lines []byte
	err   error
}

// full is the size in bytes at which a Log is written out before its turn
// ends, so that a turn with many large messages does not pile them up.
const full = 256 << 10

// New returns a Log that writes to out; a nil out makes it a quiet one, which
// writes nothing.
func New(out *Output) *Log { return &Log{out: out} }

// Sibling returns a Log for another loop of this process.
func (l *Log) Sibling() *Log { return New(l.out) }

// Quiet says that nothing is written, so that a caller need not prepare it.
func (l *Log) Quiet() bool { return l.out == nil }

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
	if l.Quiet() {
		return
	}
	l.lines = append(l.lines, "Data sent "...)
	l.lines = AppendBytes(l.lines, message)
	l.line(" to ", sock)
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

// Worker logs the state of a worker, as CPython prints it.
func (l *Log) Worker(worker fmt.Stringer) {
	l.line(worker.String())
}

// CopyLines writes the lines that come from r, until its end or an error, which
// is of reading or of writing. What comes without a newline in the end is of a
// writer that was ended in the middle of a line, and is left out.
func (l *Log) CopyLines(r io.Reader) error {
	var lines []byte
	for {
		lines = slices.Grow(lines, full)
		n, err := r.Read(lines[len(lines):cap(lines)])
		lines = lines[:len(lines)+n]
		if whole := bytes.LastIndexByte(lines, '\n') + 1; whole > 0 {
			if err := l.write(lines[:whole]); err != nil {
				return err
			}
			lines = append(lines[:0], lines[whole:]...)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// line ends the line begun, if one is.
func (l *Log) line(parts ...string) {
	if l.Quiet() {
		return
	}
	for _, part := range parts {
		l.lines = append(l.lines, part...)
	}
	l.lines = append(l.lines, '\n')
	if len(l.lines) >= full {
		l.flush()
	}
}

// Flush writes out what was logged: to be called before every wait. The error
// is the first one that a write met; nothing is written after it.
func (l *Log) Flush() error {
	if len(l.lines) > 0 {
		l.flush()
	}
	return l.err
}

func (l *Log) flush() {
	if l.err == nil {
		l.err = l.write(l.lines)
	}
	l.lines = l.lines[:0]
}

func (l *Log) write(lines []byte) error {
	if l.Quiet() {
		return nil
	}
	return l.out.WriteLines(lines)
}
