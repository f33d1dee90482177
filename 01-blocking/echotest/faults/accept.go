// Package faults tests what is hard on a server on purpose: system calls that
// fail, limits, a garbage collector that runs all the time, clients that are
// stuck or vanish.
package faults

import (
	"fmt"
	"slices"
	"testing"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/logfile"
	"example.com/echo/01-blocking/echotest/procfs"
	"example.com/echo/01-blocking/echotest/server"
)

// AcceptFails tests that the lesson's program goes on when
// accept says one of these errors, a few times: nothing is closed, nobody is
// lost, and whoever waits is accepted in the end.
func AcceptFails(t *testing.T, errnos ...string) {
	for _, errno := range errnos {
		t.Run(errno, func(t *testing.T) {
			t.Parallel()
			Inject(t, "accept4:error="+errno+":when=1..2", func(st *echotest.Stage, trace Trace) {
				before := openOf(st.Server)
				alice := st.Client("alice")
				alice.Echo("hello")
				alice.Leave()
				bob := st.Client("bob")
				bob.Echo("hello")
				bob.Leave()
				st.ExpectLog(logfile.ClientClosed, bob)
				if len(trace.Lines(errno, "(INJECTED)")) == 0 {
					t.Errorf("accept4 never said %s: this test tests nothing", errno)
				}
				if after := openOf(st.Server); !slices.Equal(before, after) {
					t.Errorf("expected the server to have the same open as before,\n%q, but it has\n%q", before, after)
				}
			})
		})
	}
}

// openOf returns what the server itself has open, by descriptor. Which sockets
// and pipes they are is not told: some belong to clients.
func openOf(s *server.Server) []string {
	var open []string
	for fd := range 8 {
		open = append(open, fmt.Sprint(fd, " ", procfs.Descriptor(s.PID(), fd)))
	}
	return open
}
