package blocking

import "golang.org/x/sys/unix"

// A thread is the kernel's number of one.
type thread int

func currentThread() thread { return thread(unix.Gettid()) }

// lookAgain interrupts the accept that waits, with the signal that Go sends its
// own threads all the time. The kernel starts the call anew, and it then finds
// the server socket non-blocking. Source: signal(7), SA_RESTART.
func (l *loop) lookAgain() {
	unix.Tgkill(unix.Getpid(), int(l.thread), unix.SIGURG)
}
