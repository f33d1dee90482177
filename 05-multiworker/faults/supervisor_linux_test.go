package faults

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/faults"
	"example.com/echo/01-blocking/echotest/logfile"
	"example.com/echo/01-blocking/echotest/procfs"
	"example.com/echo/01-blocking/echotest/server"
	"example.com/echo/05-multiworker/workertest"
)

func TestKilledSupervisorLeavesNoOrphan(t *testing.T) {
	t.Parallel()
	for _, loop := range []string{"select", "poll", "epoll"} {
		t.Run(loop, func(t *testing.T) {
			t.Parallel()
			echotest.Play(t, func(st *echotest.Stage) {
				all := workertest.ExpectAll(st, 4)
				alice := st.Client("alice")
				alice.Echo("hello")
				st.Server.Signal(syscall.SIGKILL)
				alice.ExpectLoss()
				for _, w := range all {
					faults.AwaitExit(t, w.ID)
				}
			}, "-loop", loop)
		})
	}
}

func TestCtrlCReachesTheWholeGroup(t *testing.T) {
	t.Parallel()
	echotest.Play(t, func(st *echotest.Stage) {
		clients := workertest.OneClientEach(st, workertest.ExpectAll(st, 4))
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
			if e.Kind == logfile.WorkerState {
				count[e.Worker.State]++
			}
		}
		if count["started"] != 4 || count["stopped exitcode=0"] != 4 || len(count) != 2 {
			t.Errorf("expected 4 workers to start and to stop with exit code 0, but: %v", count)
		}
	})
}

// TestWorkersIgnoreCtrlC looks at what the kernel has noted. Ctrl-C is for the
// supervisor to decide. Source: proc(5), SigIgn in /proc/PID/status.
func TestWorkersIgnoreCtrlC(t *testing.T) {
	t.Parallel()
	echotest.Play(t, func(st *echotest.Stage) {
		alice := st.Client("alice")
		alice.Echo("hello") // now her worker is past its start
		w := workertest.Of(st, alice)
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", w.ID))
		if err != nil {
			t.Fatal(err)
		}
		_, after, _ := strings.Cut(string(status), "SigIgn:")
		var ignored uint64
		if _, err := fmt.Sscanf(after, "%x", &ignored); err != nil {
			t.Fatalf("no SigIgn in\n%s", status)
		}
		if ignored&(1<<(syscall.SIGINT-1)) == 0 {
			t.Errorf("expected a worker to ignore SIGINT, but it ignores %#x", ignored)
		}
		workertest.Signal(w, syscall.SIGINT)
		st.ExpectIdle()
		alice.Echo("still here")
	})
}

// TestGroupIsToldToStopWhileItStarts sends SIGTERM to all processes when workers
// are only starting, as a service manager may: a worker that the signal ended
// then would leave its queue to a reset.
func TestGroupIsToldToStopWhileItStarts(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		for _, loop := range loops {
			for _, listen := range []string{"shared", "reuseport"} {
				t.Run(kind+"-"+loop+"-"+listen, func(t *testing.T) {
					t.Parallel()
					echotest.NeedDescriptors(t, 300)
					echotest.Play(t, func(st *echotest.Stage) {
						var queue []*echotest.Client
						st.AtOnce(func() {
							for range 300 {
								c := st.Client("one of the queue")
								c.Send("hello")
								queue = append(queue, c)
							}
							syscall.Kill(-st.Server.PID(), syscall.SIGTERM)
						})
						for _, c := range queue {
							c.Expect("hello")
							c.ExpectEnd()
							c.Close()
						}
						if err := st.Server.WaitEnd(); err != nil {
							t.Error(err)
						}
					}, "-kind", kind, "-loop", loop, "-listen", listen)
				})
			}
		}
	}
}

// TestWorkersAreOfOneProgram deletes or replaces the program's file while it runs:
// a worker that is started again is the same program all the same.
func TestWorkersAreOfOneProgram(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(path string) error{
		"deleted": os.Remove,
		"replaced": func(path string) error {
			return errors.Join(os.Remove(path), os.WriteFile(path, []byte("#!/bin/sh\nexit 0\n"), 0o777))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(echotest.Scratch(t), "05-multiworker")
			// Not by this process: a program that it starts meanwhile would have the file
			// open for writing too, and then the kernel starts no program from it.
			if err := exec.Command("cp", echotest.Program(t), path).Run(); err != nil {
				t.Fatal(err)
			}
			s, err := server.Start(path, "-workers", "2")
			if err != nil {
				t.Fatal(err)
			}
			defer s.Kill()
			st := &echotest.Stage{Server: s}
			if failure := st.Play(func(st *echotest.Stage) {
				victim := workertest.ExpectAll(st, 2)[0]
				if err := change(path); err != nil {
					t.Fatal(err)
				}
				workertest.Signal(victim, syscall.SIGKILL)
				again := workertest.ExpectAfter(st, victim)
				workertest.Suspend(workertest.Expect(st, "Process-2", "started", 0))
				alice := st.Client("alice")
				alice.Echo("hello")
				if w := workertest.Of(st, alice); w != again {
					t.Errorf("expected the worker that was started again to serve, but %+v does", w)
				}
			}); failure != nil {
				t.Fatal(failure)
			}
		})
	}
}

// TestTwoCopiesAtOnce starts two at the same time, which share their sockets'
// port among their own workers: one of them gets it.
func TestTwoCopiesAtOnce(t *testing.T) {
	t.Parallel()
	path := echotest.Program(t)
	for range 10 {
		free, err := net.Listen("tcp", "127.9.9.9:0") // nobody else is given a port of this address
		if err != nil {
			t.Fatal(err)
		}
		addr := free.Addr().String()
		free.Close()
		var both [2]*exec.Cmd
		var said [2]strings.Builder
		ended := make(chan int, 2)
		for i := range both {
			both[i] = exec.Command(path, "-listen", "reuseport", "-addr", addr)
			both[i].Stderr = &said[i]
			if err := server.Launch(both[i]); err != nil {
				t.Fatal(err)
			}
			go func() {
				both[i].Wait()
				ended <- i
			}()
		}
		select {
		case first := <-ended:
			want := fmt.Sprintf("05-multiworker: listen %s: address already in use\n", addr)
			if got := said[first].String(); got != want {
				t.Errorf("expected the second copy to say %q, but one said %q", want, got)
			}
			syscall.Kill(-both[1-first].Process.Pid, syscall.SIGKILL)
			<-ended
		case <-time.After(server.Patience):
			t.Fatalf("two copies run, both at %s", addr)
		}
	}
}

func TestAllWorkersKilledAtOnce(t *testing.T) {
	t.Parallel()
	echotest.Play(t, func(st *echotest.Stage) {
		for _, w := range workertest.ExpectAll(st, 8) {
			workertest.Signal(w, syscall.SIGKILL)
		}
		for i := range 8 {
			name := fmt.Sprintf("Process-%d", i+1)
			killed := workertest.Expect(st, name, "stopped exitcode=-SIGKILL", 0)
			workertest.Expect(st, name, "started", killed.ID)
		}
		st.Client("alice").Echo("hello")
		for _, pid := range procfs.Family(st.Server.PID()) {
			if procfs.IsZombie(pid) {
				t.Errorf("expected every dead worker to be reaped, but process %d is not", pid)
			}
		}
	}, "-workers", "8")
}

func TestWorkerThatCrashesAgainAndAgain(t *testing.T) {
	t.Parallel()
	signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP) // nohup would have the workers ignore it
	echotest.Play(t, func(st *echotest.Stage) {
		victim := workertest.Expect(st, "Process-2", "started", 0)
		for crashes := 1; ; crashes++ {
			workertest.Signal(victim, syscall.SIGHUP)
			if crashes == 6 {
				break
			}
			st.Server.Timer = 2 * time.Second // 100 ms at first, and then twice as long each time
			victim = workertest.ExpectAfter(st, victim)
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
		w := workertest.Of(st, alice)
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
