package faults

import (
	"io"
	"sync"
	"testing"

	"example.com/echo/01-blocking/echotest"
)

// StalledLog tests what the lesson's program, with one loop, does while nobody
// reads its log; see ReadLogLate.
func StalledLog(t *testing.T, args ...string) { echotest.Play(t, ReadLogLate, args...) }

// ReadLogLate plays clients of a server with one loop whose log nobody reads for a
// while. They wait, since what happens must be in the log before the loop waits
// again. When the log is read on, everybody gets what is owed.
func ReadLogLate(st *echotest.Stage) {
	resume := sync.OnceFunc(st.Server.PauseLog())
	defer resume()
	alice, sent, came := stall(st)
	bob := st.Client("bob")
	bob.Send("hello")
	st.ExpectIdle()
	if end, ok := bob.ServerEnd(); !ok || !end.HasUnread() {
		bob.Fail("to wait for as long as nobody reads the log", "the server has read what he sent")
	}
	resume()
	bob.Expect("hello")
	bob.Leave()
	alice.CloseWrite()
	if n := <-came; n != sent {
		alice.Fail("all that she sent to come back", "a part of it is lost")
	}
	alice.Close()
}

// stall has alice send, and read whatever comes back, until nothing more goes. It
// returns how much she sent; came gets how much came back until the stream ends.
func stall(st *echotest.Stage) (alice *echotest.Client, sent int64, came <-chan int64) {
	alice = st.Client("alice")
	alice.IsReading = true
	counted := make(chan int64, 1)
	go func() {
		n, _ := io.Copy(io.Discard, alice.Conn)
		counted <- n
	}()
	failure := st.Play(func(*echotest.Stage) { sent = int64(alice.Stall(1)) })
	switch {
	case failure != nil && failure.Cause != nil:
		panic(failure)
	case failure != nil:
		panic(echotest.ServerFailure("to wait for as long as nobody reads its log", "it goes on"))
	}
	return alice, sent, counted
}
