package procfs

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"
)

// ShowsWork reports whether this system tells what WorkOf returns.
const ShowsWork = runtime.GOOS == "linux"

// Work is what the threads of programs, and of all that they have started, have
// done until a moment.
type Work struct {
	// IsRunning reports that a thread runs, or waits for a processor, or for a
	// disk. While it waits, its time does not grow: the kernel adds that up later.
	IsRunning bool

	ran, waited map[string]time.Duration // of each thread, by its directory
}

// WorkOf returns the Work of programs until now. Source: proc(5),
// /proc/PID/schedstat.
func WorkOf(pids ...int) Work {
	w := Work{ran: map[string]time.Duration{}, waited: map[string]time.Duration{}}
	for _, pid := range Family(pids...) {
		for _, thread := range threads(pid) {
			stat, _ := os.ReadFile(thread + "/schedstat") // or it has ended meanwhile
			var ran, waited time.Duration
			if n, _ := fmt.Sscan(string(stat), &ran, &waited); n == 2 {
				w.ran[thread], w.waited[thread] = ran, waited
			}
			if slices.Contains([]string{runs, waitsDisk, traced}, stateOf(thread)) {
				w.IsRunning = true
			}
		}
	}
	return w
}

// Since returns how long all threads ran since an earlier Work, and how long
// they had to wait for a processor.
func (w Work) Since(before Work) (ran, waited time.Duration) {
	for thread := range w.ran {
		ran += w.ran[thread] - before.ran[thread]
		waited += w.waited[thread] - before.waited[thread]
	}
	return ran, waited
}
