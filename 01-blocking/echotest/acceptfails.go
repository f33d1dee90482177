package echotest

import (
	"fmt"
	"slices"
	"testing"
)

// AcceptFails tests that the program in the current directory goes on when
// accept says one of these errors, a few times: nothing is closed, nobody is
// lost, and whoever waits is accepted in the end.
func AcceptFails(t *testing.T, errnos ...string) {
	for _, errno := range errnos {
		t.Run(errno, func(t *testing.T) {
			t.Parallel()
			Inject(t, "accept4:error="+errno+":when=1..2", func(st *Stage, trace Trace) {
				before := openOf(st.Server)
				alice := st.Client("alice")
				alice.Echo("hello")
				alice.Leave()
				bob := st.Client("bob")
				bob.Echo("hello")
				bob.Leave()
				st.ExpectLog(ClientClosed, bob)
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
func openOf(s *Server) []string {
	var open []string
	for fd := range 8 {
		open = append(open, fmt.Sprint(fd, " ", readLink(s.PID(), fd)))
	}
	return open
}
