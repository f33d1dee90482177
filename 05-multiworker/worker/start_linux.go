package worker

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// executable returns the path of this program, for starting it once more. This
// one is right even after the program's file was deleted or replaced: all
// workers are of one version. Source: proc(5), /proc/PID/exe.
func executable() (string, error) { return "/proc/self/exe", nil }

// holdSignals makes workers start with SIGINT and SIGTERM blocked. A signal for
// the whole process group may come when a worker has only just been started; it
// would end the worker, and nobody would serve the clients in its queue. Blocked,
// it waits until the worker listens to it. Source: signal(7), "Signal mask".
//
// The mask is the calling thread's, and a process inherits that of the thread
// that starts it: so the supervisor stays on this thread.
func holdSignals() error {
	runtime.LockOSThread()
	var set unix.Sigset_t
	const bits = 8 * int(unsafe.Sizeof(set.Val[0]))
	for _, signal := range []unix.Signal{unix.SIGINT, unix.SIGTERM} {
		bit := int(signal) - 1
		set.Val[bit/bits] |= 1 << (bit % bits)
	}
	return unix.PthreadSigmask(unix.SIG_BLOCK, &set, nil)
}
