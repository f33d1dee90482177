package echotest

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// readLink returns what descriptor fd of process pid is, as /proc calls it; ""
// if it is none.
func readLink(pid, fd int) string {
	link, _ := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", pid, fd))
	return link
}

// DescriptorFlags returns the flags of descriptor fd of process pid, as fcntl
// and open know them, O_CLOEXEC included. Source: proc(5), /proc/PID/fdinfo.
func DescriptorFlags(pid, fd int) (flags int) {
	info, _ := os.ReadFile(fmt.Sprintf("/proc/%d/fdinfo/%d", pid, fd))
	_, after, _ := strings.Cut(string(info), "flags:")
	fmt.Sscanf(after, "%o", &flags)
	return flags
}

// OutOfDescriptors tests that the program in the current directory outlives to
// be out of descriptors: old clients are served, no processor time is used, and
// new clients wait until an old one leaves or there are descriptors again. The
// latter it finds out by itself, also while signals interrupt it all the time.
func OutOfDescriptors(t *testing.T, args ...string) {
	Play(t, func(st *Stage) {
		alice := st.Client("alice")
		alice.Echo("hello")
		giveBack := limitDescriptors(t, st.Server, 0)
		bob := st.Client("bob")
		bob.Send("hello from bob")
		alice.Echo("still here")
		st.ExpectIdle()
		alice.Leave()
		bob.Expect("hello from bob")
		carol := st.Client("carol")
		carol.Send("hello from carol")
		bob.Echo("still here")
		st.ExpectIdle()
		started, served := make(chan struct{}), make(chan struct{})
		defer close(served)
		go interruptUntil(served, started, st)
		<-started
		giveBack()
		carol.Expect("hello from carol")
	}, args...)
}

func interruptUntil(done <-chan struct{}, started chan<- struct{}, st *Stage) {
	for first := true; ; first = false {
		st.Interrupt()
		if first {
			close(started)
		}
		select {
		case <-done:
			return
		default:
		}
	}
}

// OutOfDescriptorsInTurn tests the same of a server that serves its clients one
// after another.
func OutOfDescriptorsInTurn(t *testing.T) {
	Play(t, func(st *Stage) {
		alice := st.Client("alice")
		alice.Echo("hello")
		giveBack := limitDescriptors(t, st.Server, 1) // as soon as alice is gone, hers too
		bob := st.Client("bob")
		bob.Send("hello from bob")
		alice.Echo("still here")
		alice.Leave()
		st.ExpectIdle()
		giveBack()
		bob.Expect("hello from bob")
		bob.Leave()
	})
}

// NotMoreThan tests that the program in the current directory, which can serve
// so many clients at most, lets the next one wait until one of them leaves.
func NotMoreThan(t *testing.T, most int) {
	Play(t, func(st *Stage) {
		first := st.Client("first")
		first.Echo("hello")
		var rest []*Client
		for i := range most - 1 {
			c := st.Client(fmt.Sprintf("client-%d", i+2))
			c.Echo("hello")
			rest = append(rest, c)
		}
		waiting := st.Client("waiting")
		waiting.Send("hello")
		rest[0].Echo("still here")
		st.ExpectIdle()
		first.Leave()
		waiting.Expect("hello")
		for _, e := range events(t, st) {
			if e.Kind == ClientLost {
				t.Errorf("expected nobody to be lost, but the log says: %s", e.Reason)
			}
		}
	})
}

func events(t *testing.T, st *Stage) []Event {
	t.Helper()
	events, err := st.Server.Log()
	if err != nil {
		t.Fatal(err)
	}
	return events
}
