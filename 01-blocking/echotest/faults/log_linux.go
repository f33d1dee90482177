package faults

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/server"
	"golang.org/x/sys/unix"
)

// UnreadLog tests that the lesson's program can be stopped though nobody reads its
// log: at the second SIGINT, and when the time of grace is over. It says that
// lines are lost.
func UnreadLog(t *testing.T, args ...string) {
	for name, stop := range map[string]struct {
		grace string
		do    func(*echotest.Stage)
	}{
		"second SIGINT": {"-grace=1h", func(st *echotest.Stage) {
			st.Server.Signal(syscall.SIGTERM)
			st.ExpectIdle()
			st.Server.Signal(syscall.SIGINT)
		}},
		"grace": {"-grace=200ms", func(st *echotest.Stage) { st.Server.Signal(syscall.SIGTERM) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			echotest.Play(t, func(st *echotest.Stage) {
				resume := st.Server.PauseLog()
				stall(st)
				stop.do(st)
				AwaitExit(t, st.Server.PID())
				resume()
				if err := st.Server.WaitEnd(); err != nil {
					t.Error(err)
				}
				const line = ": nobody reads standard output: the last lines of the log are lost\n"
				if errors := st.Server.Errors(); !strings.HasSuffix(errors, line) || strings.Count(errors, "\n") != 1 {
					t.Errorf("expected one line on standard error that ends %q, but it is\n%s", line, errors)
				}
			}, append(args, stop.grace)...)
		})
	}
}

// AwaitExit waits until a process has ended, whoever its parent is, and whether
// anybody has asked for its status or not. Source: pidfd_open(2).
func AwaitExit(t *testing.T, pid int) {
	t.Helper()
	pidfd, err := unix.PidfdOpen(pid, 0)
	if err == unix.ESRCH {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(pidfd)
	wait := []unix.PollFd{{Fd: int32(pidfd), Events: unix.POLLIN}}
	for deadline := time.Now().Add(server.Patience); ; {
		n, err := unix.Poll(wait, int(time.Until(deadline).Milliseconds()))
		if n == 1 {
			return
		}
		if err != unix.EINTR {
			t.Fatalf("expected process %d to end, but it is still there (%v)", pid, err)
		}
	}
}
