package faults

import (
	"errors"
	"fmt"
	"testing"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/logfile"
	"example.com/echo/01-blocking/echotest/procfs"
)

// OutOfDescriptors tests that the lesson's program outlives to
// be out of descriptors: old clients are served, no processor time is used, and
// new clients wait until an old one leaves or there are descriptors again. The
// latter it finds out by itself, also while signals interrupt it all the time.
func OutOfDescriptors(t *testing.T, args ...string) {
	echotest.Play(t, func(st *echotest.Stage) {
		alice := lowest(t, st, "alice")
		giveBack := limit(t, st, 0)
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

// lowest returns a client that has got an echo, and whose descriptor at the server
// has the lowest number that was free: so that one is free again when it leaves. Of
// threads that accept at the same time each holds a number for a moment, and the one
// that gets the client may hold a higher one.
func lowest(t *testing.T, st *echotest.Stage, name string) *echotest.Client {
	t.Helper()
	for range 100 {
		st.ExpectIdle()
		next := procfs.FreeDescriptors(st.Server.PID())
		c := st.Client(name)
		c.Echo("hello")
		end, ok := c.ServerEnd()
		if !ok { // nothing is known of descriptors here
			return c
		}
		for pid, fd := range next {
			if end.Is(procfs.Descriptor(pid, fd)) {
				return c
			}
		}
		c.Leave()
	}
	t.Fatalf("%s gets higher descriptors than those that are free", name)
	panic("unreachable")
}

func interruptUntil(done <-chan struct{}, started chan<- struct{}, st *echotest.Stage) {
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
	echotest.Play(t, func(st *echotest.Stage) {
		alice := st.Client("alice")
		alice.Echo("hello")
		giveBack := limit(t, st, 1) // as soon as alice is gone, hers too
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

// NotMoreThan tests that the lesson's program, which can serve
// so many clients at most, lets the next one wait until one of them leaves.
func NotMoreThan(t *testing.T, most int) {
	echotest.NeedDescriptors(t, most+1)
	echotest.Play(t, func(st *echotest.Stage) {
		first := st.Client("first")
		first.Echo("hello")
		var rest []*echotest.Client
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
			if e.Kind == logfile.ClientLost {
				t.Errorf("expected nobody to be lost, but the log says: %s", e.Reason)
			}
		}
	})
}

func events(t *testing.T, st *echotest.Stage) []logfile.Event {
	t.Helper()
	events, err := st.Server.Log()
	if err != nil {
		t.Fatal(err)
	}
	return events
}

// limit takes from the server and its workers the descriptors that they do not
// use, and the highest fewer ones once those are closed.
func limit(t *testing.T, st *echotest.Stage, fewer int) (giveBack func()) {
	t.Helper()
	limits := procfs.FreeDescriptors(st.Server.PID())
	for pid := range limits {
		limits[pid] -= fewer
	}
	giveBack, err := procfs.LimitDescriptors(limits)
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skip("needs prlimit, which is Linux's, to take descriptors from a running server")
	}
	if err != nil {
		t.Fatal(err)
	}
	return giveBack
}
