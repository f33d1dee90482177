package main

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.com/echo/01-blocking/echotest"
	"golang.org/x/sys/unix"
)

// workers waits until all n workers have started, and returns them.
func workers(st *echotest.Stage, n int) []echotest.Worker {
	var all []echotest.Worker
	for i := range n {
		all = append(all, st.ExpectWorker(fmt.Sprintf("Process-%d", i+1), "started", 0))
	}
	return all
}

// oneClientEach has every worker serve one client: the others are suspended
// while that one comes.
func oneClientEach(st *echotest.Stage, all []echotest.Worker) []*echotest.Client {
	var clients []*echotest.Client
	for _, w := range all {
		for _, other := range all {
			if other != w {
				st.Suspend(other.ID)
			}
		}
		c := st.Client("client of " + w.Name)
		c.Echo("hello")
		clients = append(clients, c)
		for _, other := range all {
			st.Signal(other, syscall.SIGCONT)
		}
	}
	return clients
}

// waitGone waits until the process has ended, whoever its parent is.
func waitGone(t *testing.T, w echotest.Worker) {
	t.Helper()
	pidfd, err := unix.PidfdOpen(w.ID, 0)
	if err == unix.ESRCH {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(pidfd)
	wait := []unix.PollFd{{Fd: int32(pidfd), Events: unix.POLLIN}}
	deadline := time.Now().Add(echotest.Patience)
	for {
		n, err := unix.Poll(wait, int(time.Until(deadline).Milliseconds()))
		if n == 1 {
			return
		}
		if err != unix.EINTR {
			t.Fatalf("%s, process %d, is still there (%v)", w.Name, w.ID, err)
		}
	}
}

func TestKilledSupervisorLeavesNoOrphan(t *testing.T) {
	t.Parallel()
	for _, loop := range []string{"select", "poll", "epoll"} {
		t.Run(loop, func(t *testing.T) {
			t.Parallel()
			echotest.Play(t, func(st *echotest.Stage) {
				all := workers(st, 4)
				alice := st.Client("alice")
				alice.Echo("hello")
				st.Server.Signal(syscall.SIGKILL)
				alice.ExpectLoss()
				for _, w := range all {
					waitGone(t, w)
				}
			}, "-loop", loop)
		})
	}
}

func TestCtrlCReachesTheWholeGroup(t *testing.T) {
	t.Parallel()
	echotest.Play(t, func(st *echotest.Stage) {
		clients := oneClientEach(st, workers(st, 4))
		syscall.Kill(-st.Server.PID(), syscall.SIGINT)
		for _, c := range clients {
			c.ExpectEnd()
			c.Close()
		}
		if err := st.Server.WaitEnd(); err != nil {
			t.Fatal(err)
		}
		count := map[string]int{}
		log, err := st.Server.Log()
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range log {
			if e.Kind == echotest.WorkerState {
				count[e.Worker.State]++
			}
		}
		if count["started"] != 4 || count["stopped exitcode=0"] != 4 || len(count) != 2 {
			t.Errorf("expected 4 workers to start and to stop with exit code 0, but: %v", count)
		}
	})
}

func TestAllWorkersKilledAtOnce(t *testing.T) {
	t.Parallel()
	echotest.Play(t, func(st *echotest.Stage) {
		for _, w := range workers(st, 8) {
			st.Signal(w, syscall.SIGKILL)
		}
		for i := range 8 {
			name := fmt.Sprintf("Process-%d", i+1)
			killed := st.ExpectWorker(name, "stopped exitcode=-SIGKILL", 0)
			st.ExpectWorker(name, "started", killed.ID)
		}
		st.Client("alice").Echo("hello")
		if zombies := children(t, st.Server.PID(), "Z"); len(zombies) > 0 {
			t.Errorf("expected every dead worker to be reaped, but these are not: %v", zombies)
		}
	}, "-workers", "8")
}

// children returns the child processes of pid that are in a state of proc(5).
func children(t *testing.T, pid int, state string) []string {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, path := range stats {
		stat, _ := os.ReadFile(path) // or it has ended meanwhile
		_, after, _ := strings.Cut(string(stat), ") ")
		if f := strings.Fields(after); len(f) > 1 && f[0] == state && f[1] == fmt.Sprint(pid) {
			found = append(found, path)
		}
	}
	return found
}

func TestWorkerThatCrashesAgainAndAgain(t *testing.T) {
	t.Parallel()
	signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP) // nohup would have the workers ignore it
	echotest.Play(t, func(st *echotest.Stage) {
		victim := st.ExpectWorker("Process-2", "started", 0)
		for crashes := 1; ; crashes++ {
			st.Signal(victim, syscall.SIGHUP)
			if crashes == 6 {
				break
			}
			victim = st.ExpectWorkerAfter(victim)
		}
		st.Server.WaitEnd()
		if status := st.Server.ExitCode(); status != 1 {
			t.Errorf("expected status 1, but got %d", status)
		}
		const line = "05-multiworker: Process-2 crashed 6 times in 10s, the last time with exit code -SIGHUP\n"
		if errors := st.Server.Errors(); !strings.HasSuffix(errors, line) {
			t.Errorf("expected the last line on standard error to be %q, but all is:\n%s", line, errors)
		}
	})
}

// TestWorkerDescriptors holds the descriptors of a worker against what it is
// meant to have: a pipe or a socket too many would keep something alive that
// others have closed.
func TestWorkerDescriptors(t *testing.T) {
	t.Parallel()
	echotest.Play(t, func(st *echotest.Stage) {
		alice := st.Client("alice")
		alice.Echo("hello")
		w := st.WorkerOf(alice)
		var kinds []string
		for fd := 0; ; fd++ {
			link, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", w.ID, fd))
			if err != nil {
				break
			}
			kind, _, _ := strings.Cut(link, "[")
			kinds = append(kinds, strings.TrimSuffix(strings.TrimPrefix(kind, "anon_inode:"), ":"))
			if strings.HasPrefix(link, "anon_inode:") {
				kinds[fd] = link
			}
		}
		expected := []string{
			"/dev/null", "pipe", "pipe", // standard input, the log, standard error
			"socket", "pipe", // the server, the lifeline
			"pipe", "pipe", "anon_inode:[eventpoll]", "anon_inode:[eventfd]", // the stop signal, Go's poller
			"socket", // alice
		}
		if !slices.Equal(kinds, expected) {
			t.Errorf("expected the descriptors\n%q, but they are\n%q", expected, kinds)
		}
		if total, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", w.ID)); err != nil || len(total) != len(expected) {
			t.Errorf("expected %d descriptors, but there are %d (%v)", len(expected), len(total), err)
		}
	})
}
