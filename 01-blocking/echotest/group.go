package echotest

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// AtOnce has the server see everything that act does at the same time: it and
// its workers stand still meanwhile. Whoever waits then wakes up with all of it
// in one batch.
func (st *Stage) AtOnce(act func()) {
	if err := st.Server.suspendAll(); err != nil {
		panic(&Failure{Who: "server", Expected: "to be suspended", Came: err.Error()})
	}
	defer syscall.Kill(-st.Server.PID(), syscall.SIGCONT)
	act()
}

// suspendAll stops the whole process group. Where somebody goes on, it lets all
// go on for a while: one who starts a worker cannot be stopped before the
// worker's program runs, and that would be stopped already.
func (s *Server) suspendAll() error {
	const stops, goes = 20, 50 // milliseconds
	deadline, tick := time.Now().Add(Patience), time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for try := 0; time.Now().Before(deadline); try++ {
		switch try % (stops + goes) {
		case 0:
			if err := syscall.Kill(-s.PID(), syscall.SIGSTOP); err != nil {
				return err
			}
		case stops:
			syscall.Kill(-s.PID(), syscall.SIGCONT)
		}
		if try%(stops+goes) < stops && !slices.ContainsFunc(s.processes(), isRunning) {
			return nil
		}
		<-tick.C
	}
	syscall.Kill(-s.PID(), syscall.SIGCONT)
	return fmt.Errorf("a thread goes on")
}

// isRunning says whether a thread of the process goes on. What has ended, or
// what this system does not tell of, does not.
func isRunning(pid int) bool {
	return len(threads(pid)) > 0 && !allStopped(pid)
}

// ExpectIdle waits until the server, with all its workers, does nothing for a
// while. One that spins never does, however busy the machine is: what counts is
// the time that its threads ran or wanted to. Elsewhere than on Linux nothing is
// measured. Source: proc(5), /proc/PID/schedstat.
func (st *Stage) ExpectIdle() {
	if runtime.GOOS != "linux" {
		return
	}
	const windows, window = 30, 100 * time.Millisecond
	tick := time.NewTicker(window)
	defer tick.Stop()
	before, since := st.Server.busy(), time.Now()
	failure := &Failure{Who: "server", Expected: "to use no processor time while nobody needs anything", Came: "it is busy all the time"}
	for range min(windows, int(st.fate.patience(failure, Patience)/window)) {
		<-tick.C
		after, now := st.Server.busy(), time.Now()
		busy := time.Duration(0)
		for thread, t := range after {
			if was, ok := before[thread]; ok {
				busy += t - was
			}
		}
		if busy < now.Sub(since)/2 && !st.Server.wantsProcessor() {
			return
		}
		before, since = after, now
	}
	panic(failure)
}

// wantsProcessor says whether a thread of the server runs or waits for a
// processor. While it waits, busy does not grow: the kernel adds that up later.
func (s *Server) wantsProcessor() bool {
	for _, pid := range s.processes() {
		for _, thread := range threads(pid) {
			if stateOf(thread) == "R" {
				return true
			}
		}
	}
	return false
}

// busy returns how long each thread of the server ran, or waited for a
// processor, by its path in /proc.
func (s *Server) busy() map[string]time.Duration {
	busy := map[string]time.Duration{}
	for _, pid := range s.processes() {
		for _, thread := range threads(pid) {
			stat, _ := os.ReadFile(thread + "/schedstat") // or it has ended meanwhile
			var ran, waited time.Duration
			if n, _ := fmt.Sscan(string(stat), &ran, &waited); n == 2 {
				busy[thread] = ran + waited
			}
		}
	}
	return busy
}

// processes returns the ids of the server and its workers, and whatever else it
// started.
func (s *Server) processes() []int { return Family(s.PID()) }

// Family returns the process ids of a program and of all that it has started,
// its own first. Elsewhere than on Linux it is alone. Source: proc(5),
// /proc/PID/task/TID/children.
func Family(pid int) []int {
	all := []int{pid}
	for i := 0; i < len(all); i++ {
		for _, thread := range threads(all[i]) {
			children, _ := os.ReadFile(thread + "/children") // or it has ended meanwhile
			for _, child := range strings.Fields(string(children)) {
				pid, _ := strconv.Atoi(child)
				all = append(all, pid)
			}
		}
	}
	return all
}

// threads returns the directories in /proc of a process's threads.
func threads(pid int) []string {
	directories, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", pid))
	return directories
}

// stateOf returns the state of a process or thread, by its directory in /proc: R
// runs or wants to, T is stopped, Z has ended; empty if it is not there any more.
func stateOf(directory string) string {
	stat, _ := os.ReadFile(directory + "/stat")
	_, after, _ := strings.Cut(string(stat), ") ")
	state, _, _ := strings.Cut(after, " ")
	return state
}

// Interrupt sends every thread of the server and its workers the signal that
// Go sends its own threads all the time: whatever waits is interrupted. A signal
// to the process would reach one thread only, and seldom the one that waits.
func (st *Stage) Interrupt() { st.Server.interrupt() }

func (s *Server) interrupt() {
	for _, pid := range s.processes() {
		for _, thread := range threads(pid) {
			id, _ := strconv.Atoi(filepath.Base(thread))
			signalThread(pid, id, syscall.SIGURG)
		}
	}
}
