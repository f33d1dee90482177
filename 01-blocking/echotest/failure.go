package echotest

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"example.com/echo/01-blocking/echotest/stream"
	"example.com/echo/01-blocking/eventlog"
)

// A Failure is how a scenario failed. What is compared with a golden file has
// the same words in every run: no ports, no process ids, no times.
type Failure struct {
	Who      string // the client, or Server
	Expected string // what it waited for
	Came     string // what happened instead
	Sent     []byte // by the client until then
	Received []byte

	// Cause is what the server did that this failure follows from, or nil.
	Cause *Failure
	// Ended, Detail and Where say more, and are not compared: how the server has
	// ended, what exactly came, and where the server is instead.
	Ended, Detail, Where string

	isLoss  bool // of a client's connection
	isVague bool // how much was sent and received differs from run to run
}

// Server is who fails when it is no client.
const Server = "server"

// ServerFailure returns a Failure of the server's.
func ServerFailure(expected, came string) *Failure {
	return &Failure{Who: Server, Expected: expected, Came: came}
}

// Error tells what was expected, what came, and what was sent before; first of
// the server, if it is the cause.
func (f *Failure) Error() string {
	var b strings.Builder
	if f.Cause != nil {
		b.WriteString(f.Cause.Error())
	}
	if f.Ended != "" {
		fmt.Fprintf(&b, "the server has ended with %s\n", f.Ended)
	}
	b.WriteString(f.text())
	for _, more := range []string{f.Detail, f.Where} {
		if more != "" {
			fmt.Fprintf(&b, "  %s\n", strings.ReplaceAll(more, "\n", "\n    "))
		}
	}
	return b.String()
}

// Golden returns the part of the failure that is the same in every run.
func (f *Failure) Golden() string {
	if f.Cause != nil {
		return f.Cause.Golden()
	}
	return f.text()
}

// Headline returns the first line: who expected what.
func (f *Failure) Headline() string { return fmt.Sprintf("%s expected %s\n", f.Who, f.Expected) }

func (f *Failure) text() string {
	var b strings.Builder
	b.WriteString(f.Headline())
	fmt.Fprintf(&b, "  but      %s\n", f.Came)
	if f.Who != Server && !f.isVague {
		fmt.Fprintf(&b, "  sent     %s\n", brief(f.Sent))
		fmt.Fprintf(&b, "  received %s\n", brief(f.Received))
	}
	return b.String()
}

// brief prints data as the log does, or its two ends where it is long.
func brief(data []byte) string {
	const whole, end = 200, 40
	if len(data) <= whole {
		return string(eventlog.AppendBytes(nil, data))
	}
	return fmt.Sprintf("%d bytes, %s ... %s", len(data),
		eventlog.AppendBytes(nil, data[:end]), eventlog.AppendBytes(nil, data[len(data)-end:]))
}

// instead says what came in place of want, of as many bytes or fewer, and what
// ended the wait.
func instead(want, came []byte, err error) string {
	if len(came) == 0 {
		return Reason(err)
	}
	text := fmt.Sprintf("%d of %d bytes came", len(came), len(want))
	if err != nil && !isTooLate(err) {
		text += ", then " + Reason(err)
	}
	if i := stream.FirstDifference(came, want[:len(came)]); i >= 0 {
		text += "; " + difference(i, want[i], came[i])
	}
	return text
}

// difference describes the first of the bytes that differ, whose offset is i.
func difference(i int, want, came byte) string {
	literal := func(b byte) string { return string(eventlog.AppendBytes(nil, []byte{b})[1:]) }
	return fmt.Sprintf("the first that differs is byte %d: expected %s, got %s", i+1, literal(want), literal(came))
}

// Reason says what happened to a connection, without the addresses, which are
// other ones in every run.
func Reason(err error) string {
	switch {
	case isTooLate(err):
		return nothing
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the stream ended"
	case errors.Is(err, syscall.ECONNRESET):
		return "the connection was reset"
	case errors.Is(err, syscall.EPIPE):
		return "the connection was closed"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the connection was refused"
	}
	return err.Error()
}

// nothing is what came when a wait is given up.
const nothing = "nothing came"

func isTooLate(err error) bool {
	timeout := net.Error(nil) // of a connect
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}
