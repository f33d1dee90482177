package procfs

import (
	"errors"
	"slices"
	"syscall"
	"time"
)

// patience is the longest wait for a process to stand still.
const patience = 30 * time.Second

var errGoesOn = errors.New("a thread goes on")

// Suspend stops process pid (SIGSTOP) and waits until every thread of it
// stands still: the signal only asks for that. Resume lets it go on.
func Suspend(pid int) error {
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		return err
	}
	deadline, again := time.After(patience), time.NewTicker(time.Millisecond)
	defer again.Stop()
	for !isStopped(pid) {
		select {
		case <-again.C:
		case <-deadline:
			return errGoesOn
		}
	}
	return nil
}

// Resume lets a process go on that was suspended (SIGCONT).
func Resume(pid int) error { return syscall.Kill(pid, syscall.SIGCONT) }

// SuspendAll stops programs and all that they have started. Where a process goes
// on, it lets all go on for a while: one that starts another cannot be stopped
// before that one's program runs, and that would be stopped already.
func SuspendAll(pids ...int) error {
	const stops, goes = 20, 50 // milliseconds
	deadline, tick := time.Now().Add(patience), time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for try := 0; time.Now().Before(deadline); try++ {
		switch try % (stops + goes) {
		case 0:
			signalAll(pids, syscall.SIGSTOP)
		case stops:
			ResumeAll(pids...)
		}
		if try%(stops+goes) < stops && !slices.ContainsFunc(Family(pids...), goesOn) {
			return nil
		}
		<-tick.C
	}
	ResumeAll(pids...)
	return errGoesOn
}

// ResumeAll lets go on what SuspendAll has stopped (SIGCONT).
func ResumeAll(pids ...int) { signalAll(pids, syscall.SIGCONT) }

func signalAll(pids []int, signal syscall.Signal) {
	for _, pid := range Family(pids...) {
		syscall.Kill(pid, signal) // or it has ended meanwhile
	}
}

// goesOn reports whether a thread of the process goes on. What has ended, or
// what this system does not tell of, does not.
func goesOn(pid int) bool {
	return len(threads(pid)) > 0 && !isStopped(pid)
}

// isStopped reports whether every thread of the process stands still.
func isStopped(pid int) bool {
	all := threads(pid)
	for _, thread := range all {
		if state := stateOf(thread); state != stopped && state != "" {
			return false
		}
	}
	return len(all) > 0
}
