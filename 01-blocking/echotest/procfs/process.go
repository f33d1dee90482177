// Package procfs finds out what the kernel knows of running processes and their
// sockets, mostly from the files in /proc. Elsewhere than on Linux it knows
// little. Source: proc(5).
package procfs

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// Family returns the process ids of programs and of all that they have started,
// parents before their children. Elsewhere than on Linux they are alone. Source:
// proc(5), /proc/PID/task/TID/children.
func Family(pids ...int) []int {
	all := slices.Clone(pids)
	for i := 0; i < len(all); i++ {
		for _, thread := range threads(all[i]) {
			children, _ := os.ReadFile(thread + "/children") // or it has ended meanwhile
			for _, child := range strings.Fields(string(children)) {
				if pid, _ := strconv.Atoi(child); !slices.Contains(all, pid) {
					all = append(all, pid)
				}
			}
		}
	}
	return all
}

// Marked returns the ids of all processes whose environment was given this
// variable and value, also of those whose parent has ended. Source: proc(5),
// /proc/PID/environ.
func Marked(variable string) (pids []int) {
	if variable == "" {
		return nil // or it would be every process of the machine
	}
	processes, _ := filepath.Glob("/proc/[0-9]*")
	for _, process := range processes {
		environment, _ := os.ReadFile(process + "/environ") // or it is not ours to read
		if slices.Contains(strings.Split(string(environment), "\x00"), variable) {
			pid, _ := strconv.Atoi(filepath.Base(process))
			pids = append(pids, pid)
		}
	}
	return pids
}

// HasEnded reports whether a process has ended, reaped or not.
func HasEnded(pid int) bool {
	state := stateOf(fmt.Sprintf("/proc/%d", pid))
	return state == ended || state == ""
}

// IsZombie reports whether a process has ended and nobody has reaped it.
func IsZombie(pid int) bool { return stateOf(fmt.Sprintf("/proc/%d", pid)) == ended }

// ReadCalls returns how often a process has called read. Source: proc(5),
// /proc/PID/io.
func ReadCalls(pid int) (calls int) {
	io, _ := os.ReadFile(fmt.Sprintf("/proc/%d/io", pid))
	_, after, _ := strings.Cut(string(io), "syscr: ")
	fmt.Sscan(after, &calls)
	return calls
}

// Interrupt sends every thread of programs, and of all that they have started, the
// signal that Go sends its own threads all the time: whatever waits is
// interrupted. A signal to the process would reach one thread only, and seldom
// the one that waits.
func Interrupt(pids ...int) {
	for _, pid := range Family(pids...) {
		for _, thread := range threads(pid) {
			id, _ := strconv.Atoi(filepath.Base(thread))
			signalThread(pid, id, syscall.SIGURG)
		}
	}
}

// threads returns the directories in /proc of a process's threads.
func threads(pid int) []string {
	directories, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", pid))
	return directories
}

// States of a process or thread. Source: proc(5), /proc/PID/stat.
const (
	runs      = "R" // or waits for a processor
	waitsDisk = "D" // or for something else that is soon there
	stopped   = "T"
	traced    = "t" // stopped by a tracer, which is about to let it go on
	ended     = "Z"
)

// stateOf returns the state of a process or thread, by its directory in /proc;
// empty if it is not there any more.
func stateOf(directory string) string {
	stat, _ := os.ReadFile(directory + "/stat")
	_, after, _ := strings.Cut(string(stat), ") ")
	state, _, _ := strings.Cut(after, " ")
	return state
}
