package faults

import (
	"bytes"
	"io"
	"syscall"
	"testing"
	"time"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/server"
	"example.com/echo/01-blocking/echotest/stream"
)

// StopWithUnreadInput tests that the lesson's program, told to
// stop when there is much that it has not read, ends the streams of its clients
// in order: who had something in the server's buffers gets it back, and nobody
// gets a reset, also who goes on sending.
func StopWithUnreadInput(t *testing.T, args ...string) {
	echotest.Play(t, func(st *echotest.Stage) {
		alice, bob := st.Client("alice"), st.Client("bob")
		bob.Echo("hello")
		st.AtOnce(func() {
			data := make([]byte, 1<<20)
			stream.New(1).Read(data)
			alice.Send(string(data))
			bob.Send("hello")
			st.Server.Signal(syscall.SIGTERM)
		})
		const least = 32 << 10 // the kernel takes so much for a server that does not read
		alice.Conn.SetReadDeadline(time.Now().Add(server.Patience))
		came, err := io.ReadAll(alice.Conn)
		want := make([]byte, len(came))
		stream.New(1).Read(want)
		if err != nil || len(came) < least || !bytes.Equal(came, want) {
			t.Errorf("expected at least %d bytes of alice's stream as they were, and its end, but %d came (the same: %v), %v",
				least, len(came), bytes.Equal(came, want), err)
		}
		alice.Send("and more")
		alice.ExpectEnd() // and no reset
		alice.CloseWrite()
		alice.ExpectEnd()
		bob.Expect("hello")
		bob.ExpectEnd()
		bob.Close()
		alice.Close()
		if err := st.Server.WaitEnd(); err != nil {
			t.Error(err)
		}
	}, args...)
}

// RestartAtOnce tests that the lesson's program can be started
// again on its port right after it has closed a connection first, which leaves
// that connection in TIME_WAIT.
func RestartAtOnce(t *testing.T, args ...string) {
	addr := "127.0.77.1:0" // nobody else is given a port of this address in between
	for range 2 {
		echotest.Play(t, func(st *echotest.Stage) {
			addr = st.Server.Addr.String()
			alice := st.Client("alice")
			alice.Echo("hello")
			st.Server.Signal(syscall.SIGTERM)
			alice.ExpectEnd()
			alice.Close()
			if err := st.Server.WaitEnd(); err != nil {
				t.Fatal(err)
			}
		}, append(args, "-addr", addr)...)
	}
}

// StuckClients tests that the lesson's program does not wait
// for ever for a client that never reads when it is told to stop: it cuts it off
// after the time of grace, and at once at a second SIGINT. A second SIGTERM
// changes nothing.
func StuckClients(t *testing.T, args ...string) {
	t.Run("second SIGINT", func(t *testing.T) {
		t.Parallel()
		stuck(t, func(st *echotest.Stage) {
			st.Server.Signal(syscall.SIGTERM)
			st.Server.Signal(syscall.SIGTERM)
			st.ExpectIdle()
			if st.Server.HasEnded() {
				t.Fatal("expected it to wait for a client that never reads, but it has ended")
			}
			st.Server.Signal(syscall.SIGINT)
		}, append(args, "-grace=1h")...)
	})
	t.Run("grace", func(t *testing.T) {
		t.Parallel()
		stuck(t, func(st *echotest.Stage) { st.Server.Signal(syscall.SIGTERM) }, append(args, "-grace=200ms")...)
	})
}

// stuck plays the script with a client that never reads; the program is to end
// then, with status 0.
func stuck(t *testing.T, script func(*echotest.Stage), args ...string) {
	t.Helper()
	s, err := server.Start(echotest.Program(t), args...)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Kill()
	failure := (&echotest.Stage{Server: s}).Play(func(st *echotest.Stage) {
		mallory := st.Client("mallory")
		mallory.MakeRoom() // or it is soon done with what has come
		mallory.SendUntilStuck()
		script(st)
		if err := s.WaitEnd(); err != nil {
			t.Error(err)
		}
		mallory.Close()
	})
	if failure != nil {
		t.Fatal(failure)
	}
}

// StopWithoutDescriptors tests that the lesson's program, told to stop while it is
// out of descriptors and clients wait in its queue, accepts them as room comes:
// nobody is reset.
func StopWithoutDescriptors(t *testing.T, args ...string) {
	echotest.Play(t, func(st *echotest.Stage) {
		alice := st.Client("alice")
		alice.Echo("hello")
		limit(t, st, 0)
		var queue []*echotest.Client
		for range 3 {
			c := st.Client("one of the queue")
			c.Send("hello")
			queue = append(queue, c)
		}
		st.ExpectIdle()
		st.Server.Signal(syscall.SIGTERM)
		alice.ExpectEnd() // it has noticed
		alice.Close()
		for _, c := range queue {
			c.Expect("hello")
			c.ExpectEnd()
			c.Close()
		}
		if err := st.Server.WaitEnd(); err != nil {
			t.Error(err)
		}
	}, args...)
}
