package echotest

import (
	"fmt"
	"strings"

	"example.com/echo/01-blocking/eventlog"
)

// A Failure is how a scenario failed, in words that are the same in every run:
// no ports, no pids, no times.
type Failure struct {
	Who      string // the client, or "server"
	Expected string // what it waited for
	Came     string // what happened instead
	Sent     []byte // by the client until then
	Received []byte
}

// Error tells what was expected, what came, and what was sent before.
func (f *Failure) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s expected %s\n", f.Who, f.Expected)
	fmt.Fprintf(&b, "  but      %s\n", f.Came)
	if f.Who != "server" {
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
