package procfs

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// signalThread sends a signal to one thread of a process, if it is still there.
func signalThread(pid, thread int, signal syscall.Signal) {
	unix.Tgkill(pid, thread, signal)
}
