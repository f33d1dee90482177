//go:build linux

package load

import (
	"time"

	"golang.org/x/sys/unix"
)

// processorTimes returns the processor time that the processes have used so far,
// in user and kernel mode.
func processorTimes(pids []int) time.Duration {
	total := time.Duration(0)
	for _, pid := range pids {
		total += clock(processClock(pid))
	}
	return total
}

func ownTime() time.Duration { return clock(unix.CLOCK_PROCESS_CPUTIME_ID) }

// processClock returns the clock of another process's processor time, which
// counts nanoseconds where /proc counts hundredths of a second. Source:
// clock_getcpuclockid(3), and CPUCLOCK_SCHED of Linux's posix-timers.h.
func processClock(pid int) int32 { return int32(^pid<<3 | 2) }

func clock(id int32) time.Duration {
	var t unix.Timespec
	if unix.ClockGettime(id, &t) != nil {
		return 0 // it has ended
	}
	return time.Duration(t.Nano())
}
