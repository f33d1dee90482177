package worker

import (
	"syscall"
	"time"
)

// When a worker that died is started again.
const (
	firstDelay = 100 * time.Millisecond
	maxDelay   = 5 * time.Second
	healthy    = 10 * time.Second // to have run so long makes up for earlier crashes
	maxCrashes = 5                // within the time of healthy; one more is too many
)

// A crashes remembers the recent crashes of one worker, so that one that
// crashes at start does not keep the machine busy with starting it.
type crashes struct {
	times []time.Time
	delay time.Duration
}

// add notes that the worker, which was started at started, crashed at now. It
// returns how long to wait before it is started again, and false if it crashes
// too often for that.
func (c *crashes) add(started, now time.Time) (delay time.Duration, again bool) {
	if now.Sub(started) >= healthy {
		*c = crashes{}
	}
	c.times = append(c.times, now)
	for now.Sub(c.times[0]) > healthy {
		c.times = c.times[1:]
	}
	c.delay = min(max(2*c.delay, firstDelay), maxDelay)
	return c.delay, len(c.times) <= maxCrashes
}

// crashed reports whether a process that ended with status crashed; even with
// status 0, if nobody told it to stop. One that somebody ended (kill, or a kernel
// out of memory) did not crash: it is back after firstDelay every time.
func crashed(status syscall.WaitStatus) bool {
	return !status.Signaled() || status.Signal() != syscall.SIGKILL && status.Signal() != syscall.SIGTERM
}

// wasToldToStop reports whether a process ended because of one of the signals
// that tell the whole program to stop.
func wasToldToStop(status syscall.WaitStatus) bool {
	return status.Signaled() && (status.Signal() == syscall.SIGTERM || status.Signal() == syscall.SIGINT)
}
