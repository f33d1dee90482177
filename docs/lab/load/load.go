//go:build linux

// Package load drives an echo server: many clients in one thread, in an epoll
// loop of their own, that compare every byte which comes back. It runs in a
// process of its own, so that what is measured is the server and not the two
// together.
package load

import (
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// A Plan says what the clients do.
type Plan struct {
	Addr string // of the server: an IPv4 address and a port
	Busy int    // clients that send a message, wait until it is back, and send the next
	Idle int    // clients that are connected, were echoed to once, and say nothing more
	Size int    // of a message, in bytes

	// OneByOne has each client wait for its first echo before the next connects.
	OneByOne bool

	// Echoes ends the measuring after so many, Measure after so long; whatever
	// is first. Zero stands for no limit.
	Echoes        int
	Warm, Measure time.Duration

	// Rate is how many messages all busy clients together are to send a second,
	// at even distances; 0 has them send as fast as they are answered.
	Rate float64
}

// A Start has the clients of a Plan begin.
type Start struct {
	// Processes are those whose processor time is measured: the server's.
	Processes []int
}

// A Result is what was measured.
type Result struct {
	Echoes  int           // messages that came back whole
	Elapsed time.Duration // in which they did
	Server  time.Duration // processor time of the Start's processes meanwhile
	Load    time.Duration // processor time of the clients meanwhile

	// Latency is from the time at which a message was to be sent until it was
	// back, by percentile; only with a Rate. What waits in the client because the
	// server is slow counts: that is what somebody who sends at this rate would
	// wait (Gil Tene, "How NOT to Measure Latency").
	Latency map[string]time.Duration
}

// Second is how many echoes there were in a second.
func (r Result) Second() float64 { return float64(r.Echoes) / r.Elapsed.Seconds() }

// Serve is the clients' process. It reads a Plan from in, connects, and writes a
// line to out; a Start from in begins, and a Result on out ends it. It reads on
// until in ends, with the idle clients still connected.
func Serve(in io.Reader, out io.Writer) error {
	commands := json.NewDecoder(in)
	answers := json.NewEncoder(out)
	var plan Plan
	if err := commands.Decode(&plan); err != nil {
		return fmt.Errorf("no plan: %w", err)
	}
	crowd, err := newCrowd(plan)
	if err != nil {
		return err
	}
	defer crowd.close()
	if err := answers.Encode("connected"); err != nil {
		return err
	}
	for {
		var start Start
		if err := commands.Decode(&start); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		result, err := crowd.run(start.Processes)
		if err != nil {
			return err
		}
		if err := answers.Encode(result); err != nil {
			return err
		}
	}
}
