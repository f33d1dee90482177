package worker

import (
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCrashDelays(t *testing.T) {
	type crash struct {
		after time.Duration // the last one, and so how long the worker lived
		delay time.Duration // until it is started again; 0 is never
	}
	const ms = time.Millisecond
	for name, history := range map[string][]crash{
		"at start, again and again": {
			{0, 100 * ms}, {100 * ms, 200 * ms}, {200 * ms, 400 * ms}, {400 * ms, 800 * ms}, {800 * ms, 1600 * ms}, {1600 * ms, 0},
		},
		"every three seconds": { // never more than five in ten
			{0, 100 * ms}, {3000 * ms, 200 * ms}, {3000 * ms, 400 * ms}, {3000 * ms, 800 * ms}, {3000 * ms, 1600 * ms},
			{3000 * ms, 3200 * ms}, {3000 * ms, 5000 * ms}, {3000 * ms, 5000 * ms}, {3000 * ms, 5000 * ms},
		},
		"after ten healthy seconds": {
			{0, 100 * ms}, {100 * ms, 200 * ms}, {10_000 * ms, 100 * ms}, {100 * ms, 200 * ms},
		},
	} {
		var c crashes
		var got []crash
		now := time.Unix(0, 0)
		for _, h := range history {
			started := now
			now = now.Add(h.after)
			delay, again := c.add(started, now)
			if !again {
				delay = 0
			}
			got = append(got, crash{h.after, delay})
		}
		if diff := cmp.Diff(history, got, cmp.AllowUnexported(crash{})); diff != "" {
			t.Errorf("crashing %s (-expected +came):\n%s", name, diff)
		}
	}
}

func TestWhatIsACrash(t *testing.T) {
	exit := func(code int) syscall.WaitStatus { return syscall.WaitStatus(code << 8) }
	for _, c := range []struct {
		status syscall.WaitStatus
		crash  bool
	}{
		{exit(0), true}, {exit(1), true}, {exit(2), true},
		{syscall.WaitStatus(syscall.SIGKILL), false}, {syscall.WaitStatus(syscall.SIGTERM), false},
		{syscall.WaitStatus(syscall.SIGSEGV), true}, {syscall.WaitStatus(syscall.SIGABRT), true},
	} {
		if got := crashed(c.status); got != c.crash {
			t.Errorf("exit code %s: expected crash to be %v, but it is %v", exitCode(c.status), c.crash, got)
		}
	}
}
