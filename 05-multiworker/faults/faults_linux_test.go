package faults

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/faults"
	"example.com/echo/01-blocking/echotest/logfile"
	"example.com/echo/01-blocking/echotest/procfs"
	"example.com/echo/05-multiworker/workertest"
	"golang.org/x/sys/unix"
)

func TestAcceptFails(t *testing.T) {
	t.Parallel()
	faults.AcceptFails(t, "ECONNABORTED", "ENFILE")
}

func TestOutOfDescriptors(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			faults.OutOfDescriptors(t, "-kind", kind)
		})
	}
}

func TestStalledLog(t *testing.T) { t.Parallel(); faults.StalledLog(t, "-workers", "1") }

func TestUnreadLog(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			faults.UnreadLog(t, "-kind", kind)
		})
	}
}

func TestStopWithoutDescriptors(t *testing.T) {
	t.Parallel()
	faults.StopWithoutDescriptors(t, "-workers", "1", "-kind", "thread")
}

func TestStopWithUnreadInput(t *testing.T) { t.Parallel(); faults.StopWithUnreadInput(t) }

func TestFair(t *testing.T) { t.Parallel(); faults.Fair(t, "-workers", "1") }

func TestRestartAtOnce(t *testing.T) {
	t.Parallel()
	for _, listen := range []string{"shared", "reuseport"} {
		t.Run(listen, func(t *testing.T) {
			t.Parallel()
			faults.RestartAtOnce(t, "-listen", listen)
		})
	}
}

func TestStuckClients(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			faults.StuckClients(t, "-kind", kind)
		})
	}
}

func TestIPv6(t *testing.T) { t.Parallel(); faults.IPv6(t, echotest.Lesson{Workers: true}) }

func TestNoIPv6(t *testing.T) { t.Parallel(); faults.NoIPv6(t) }

func TestStandardOutput(t *testing.T) { t.Parallel(); faults.StandardOutput(t) }

func TestCollected(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			faults.Collected(t, "-kind", kind)
		})
	}
}

// TestLosersOfTheRace has all workers see the same client, and holds them back
// until all of them want to accept it: those that come too late must not wait.
// One that did could not be told to stop.
func TestLosersOfTheRace(t *testing.T) {
	t.Parallel()
	for _, loop := range []string{"select", "poll", "epoll"} {
		t.Run(loop, func(t *testing.T) {
			t.Parallel()
			faults.Inject(t, "accept4:delay_enter=200000", func(st *echotest.Stage, trace faults.Trace) {
				workertest.ExpectAll(st, 4)
				st.ExpectIdle() // all of them wait for clients
				alice := st.Client("alice")
				alice.Echo("hello")
				alice.Leave()
				st.Server.Signal(syscall.SIGTERM)
				if err := st.Server.WaitEnd(); err != nil {
					t.Fatal(err)
				}
				if n := stopped(t, st)["stopped exitcode=0"]; n != 4 {
					t.Errorf("expected 4 workers to stop with exit code 0, but %d did", n)
				}
				if len(trace.Lines("(DELAYED)")) < 2 {
					t.Error("no two workers wanted to accept the same client: this test tests nothing")
				}
			}, "-loop", loop)
		})
	}
}

// stopped counts the workers' ends in the log, by how they ended.
func stopped(t *testing.T, st *echotest.Stage) map[string]int {
	t.Helper()
	log, err := st.Server.Log()
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, e := range log {
		if e.Kind == logfile.WorkerState && e.Worker.State != "started" {
			count[e.Worker.State]++
		}
	}
	return count
}

// TestStoppedWorkerLetsGoOfTheListener has one worker stop, and wait for its
// client, while another still holds the listening socket, in whose queue
// somebody waits: that is none of the first one's business any more. A socket
// that it has closed and still waited for would keep it busy.
func TestStoppedWorkerLetsGoOfTheListener(t *testing.T) {
	t.Parallel()
	for _, loop := range []string{"select", "poll", "epoll"} {
		t.Run(loop, func(t *testing.T) {
			t.Parallel()
			echotest.Play(t, func(st *echotest.Stage) {
				all := workertest.ExpectAll(st, 2)
				clients := workertest.OneClientEach(st, all)
				workertest.Suspend(all[1])
				st.Server.Signal(syscall.SIGTERM)
				clients[0].ExpectEnd() // the first worker has stopped to accept
				carol := st.Client("carol")
				carol.Send("hello")
				st.ExpectIdle()
				workertest.Signal(all[1], syscall.SIGCONT)
				carol.Expect("hello")
				carol.ExpectEnd()
				carol.Close()
				for _, c := range clients {
					c.Leave()
				}
				if err := st.Server.WaitEnd(); err != nil {
					t.Error(err)
				}
				if n := stopped(t, st)["stopped exitcode=0"]; n != 2 {
					t.Errorf("expected 2 workers to stop with exit code 0, but %d did", n)
				}
			}, "-loop", loop, "-workers", "2")
		})
	}
}

// TestQueueOutlivesWorkers has clients wait in the queue of workers that are
// killed. The supervisor holds the sockets, also those that are one worker's
// own, so the next workers find the clients there.
func TestQueueOutlivesWorkers(t *testing.T) {
	t.Parallel()
	for _, listen := range []string{"shared", "reuseport"} {
		t.Run(listen, func(t *testing.T) {
			t.Parallel()
			echotest.Play(t, func(st *echotest.Stage) {
				all := workertest.ExpectAll(st, 2)
				for _, w := range all {
					workertest.Suspend(w)
				}
				var queue []*echotest.Client
				for i := range 8 {
					c := st.Client(fmt.Sprintf("client-%d", i+1))
					c.Send("hello")
					queue = append(queue, c)
				}
				for _, w := range all {
					workertest.Signal(w, syscall.SIGKILL)
				}
				for _, c := range queue {
					c.Expect("hello")
					c.Leave()
				}
			}, "-listen", listen, "-workers", "2")
		})
	}
}

// TestSecondCopy starts the program twice on one port. With -listen reuseport
// the kernel would let it, and deal the clients out to both.
func TestSecondCopy(t *testing.T) {
	t.Parallel()
	for _, listen := range []string{"shared", "reuseport"} {
		t.Run(listen, func(t *testing.T) {
			t.Parallel()
			echotest.Play(t, func(st *echotest.Stage) {
				path := echotest.Program(t)
				addr := st.Server.Addr.String()
				cmd := exec.Command(path, "-listen", listen, "-addr", addr)
				var stderr strings.Builder
				cmd.Stderr = &stderr
				cmd.Run()
				line := fmt.Sprintf("05-multiworker: listen %s: address already in use\n", addr)
				if status := cmd.ProcessState.ExitCode(); status != 1 || stderr.String() != line {
					t.Errorf("expected status 1 and\n%s, but got %d and\n%s", line, status, &stderr)
				}
			}, "-listen", listen)
		})
	}
}

// TestListeningSocketIsNonBlocking looks at the flag of the listening socket that
// all processes share, also after a worker was started again.
func TestListeningSocketIsNonBlocking(t *testing.T) {
	t.Parallel()
	for _, loop := range loops {
		t.Run(loop, func(t *testing.T) {
			t.Parallel()
			echotest.Play(t, func(st *echotest.Stage) {
				victim := workertest.ExpectAll(st, 2)[0]
				workertest.Signal(victim, syscall.SIGKILL)
				pids := []int{workertest.ExpectAfter(st, victim).ID, st.Server.PID()}
				st.Client("alice").Echo("hello")
				for _, pid := range pids {
					if procfs.DescriptorFlags(pid, 3)&unix.O_NONBLOCK == 0 {
						t.Errorf("process %d: the listening socket is blocking", pid)
					}
				}
			}, "-loop", loop, "-workers", "2")
		})
	}
}

// TestNothingIsInherited looks for descriptors that a program started by the
// server would inherit: sockets that others have closed would live on in it,
// and two processes would share one epoll set.
func TestNothingIsInherited(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		for _, loop := range loops {
			t.Run(kind+"-"+loop, func(t *testing.T) {
				t.Parallel()
				echotest.Play(t, func(st *echotest.Stage) {
					alice := st.Client("alice")
					alice.Echo("hello")
					pids := []int{st.Server.PID()}
					if kind == "process" {
						pids = append(pids, workertest.Of(st, alice).ID)
					}
					for _, pid := range pids {
						for _, fd := range inherited(t, pid) {
							t.Errorf("process %d: descriptor %d is not closed on exec", pid, fd)
						}
					}
				}, "-kind", kind, "-loop", loop)
			})
		}
	}
}

// inherited returns the descriptors, beside the standard three, that a program
// started by process pid would have.
func inherited(t *testing.T, pid int) []int {
	t.Helper()
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	if err != nil || len(open) < 4 {
		t.Fatalf("what process %d has open: %d descriptors, %v", pid, len(open), err)
	}
	var fds []int
	for _, entry := range open {
		fd, _ := strconv.Atoi(entry.Name())
		isInherited := procfs.DescriptorFlags(pid, fd)&unix.O_CLOEXEC == 0
		if fd > 2 && isInherited && procfs.Descriptor(pid, fd) != "" { // or it was closed meanwhile
			fds = append(fds, fd)
		}
	}
	slices.Sort(fds)
	return fds
}

func TestVanishedPeer(t *testing.T) { t.Parallel(); faults.VanishedPeer(t) }
