package worker

import (
	"fmt"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// processText describes a process as repr of a multiprocessing.Process does;
// ended is nil while it runs. Source: CPython's Lib/multiprocessing/process.py.
func processText(name string, pid, parent int, ended *syscall.WaitStatus) string {
	state := "started"
	if ended != nil {
		state = "stopped exitcode=" + exitCode(*ended)
	}
	return fmt.Sprintf("<Process name='%s' pid=%d parent=%d %s>", name, pid, parent, state)
}

// exitCode returns the exit status, or the signal that ended the process with
// a minus before it.
func exitCode(status syscall.WaitStatus) string {
	if !status.Signaled() {
		return strconv.Itoa(status.ExitStatus())
	}
	return "-" + signalName(status.Signal())
}

// signalName returns the name that Python's signal module has for s, or its
// number where that has none.
func signalName(s syscall.Signal) string {
	switch {
	case s == sigRTMin:
		return "SIGRTMIN"
	case s == sigRTMax:
		return "SIGRTMAX"
	case s == unix.SIGIO:
		return "SIGPOLL" // the same signal; Python knows it by its older name
	}
	if name := unix.SignalName(s); name != "" {
		return name
	}
	return strconv.Itoa(int(s))
}

// The C library keeps the first two real-time signals for itself.
const (
	sigRTMin syscall.Signal = 34
	sigRTMax syscall.Signal = 64
)

// threadText describes a thread as repr of a threading.Thread does; state is
// "started" or "stopped". Source: CPython's Lib/threading.py.
func threadText(number int, state string, id int) string {
	return fmt.Sprintf("<Thread(Thread-%d (worker), %s %d)>", number, state, id)
}
