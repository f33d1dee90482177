package sock_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"example.com/echo/01-blocking/sock"
	"golang.org/x/sys/unix"
)

// Linux says ECONNABORTED to nobody: who was reset in the queue is accepted,
// getpeername does not know it, and accept does.
func TestAcceptAfterReset(t *testing.T) {
	t.Parallel()
	server := listen(t, "127.0.0.1:0")
	client := dial(t, server)
	from := client.LocalAddr().(*net.TCPAddr)
	reset(t, client)
	accepted := accept(t, server)
	defer accepted.Close()
	if got, want := accepted.Peer(), fmt.Sprintf("('127.0.0.1', %d)", from.Port); got != want {
		t.Errorf("the peer that was reset in the queue is %s, want %s", got, want)
	}
	if n, err := accepted.Read(make([]byte, 1)); n > 0 || err != unix.ECONNRESET {
		t.Errorf("Read returned %d, %v; want %v", n, err, unix.ECONNRESET)
	}
}

// Not parallel: a test beside it could take or free descriptors.
func TestNothingIsLeftOpenOnError(t *testing.T) {
	first := listen(t, "127.0.0.1:0")
	at := addrOf(t, first)
	before := descriptors(t)
	for _, addr := range []netip.AddrPort{at, netip.MustParseAddrPort("192.0.2.1:0")} {
		if s, err := sock.Listen(addr); err == nil {
			t.Fatalf("Listen on %v returned %v, want an error", addr, s)
		}
	}
	pipe := make([]int, 2)
	if err := unix.Pipe(pipe); err != nil {
		t.Fatal(err)
	}
	if s, err := sock.New(pipe[0], nil); err == nil {
		t.Fatalf("New for a pipe returned %v, want an error", s)
	}
	unix.Close(pipe[1])
	if after := descriptors(t); after != before {
		t.Errorf("%d descriptors are open after the errors, want %d as before", after, before)
	}
}

func descriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

// A signal usually leaves no trace, because Go asks the kernel to go on with
// the call (SA_RESTART). Not on a socket with a timeout. Source: signal(7).
func TestSignalDoesNotEndAccept(t *testing.T) {
	t.Parallel()
	server := listen(t, "127.0.0.1:0")
	setTimeout(t, server, unix.SO_RCVTIMEO)
	c := waitingCall(unix.SYS_ACCEPT4, func() string {
		accepted, err := server.Accept()
		if err == nil {
			accepted.Close()
		}
		return fmt.Sprint(err)
	})
	c.interrupt(t)
	dial(t, server)
	if got, want := <-c.result, "<nil>"; got != want {
		t.Errorf("Accept, interrupted by signals, returned %s; want the client that came after them", got)
	}
}

func TestSignalDoesNotEndRead(t *testing.T) {
	t.Parallel()
	client, accepted := connect(t, listen(t, "127.0.0.1:0"))
	setTimeout(t, accepted, unix.SO_RCVTIMEO)
	c := waitingCall(unix.SYS_READ, func() string {
		buffer := make([]byte, 10)
		n, err := accepted.Read(buffer)
		return fmt.Sprintf("%q, %v", buffer[:max(n, 0)], err)
	})
	c.interrupt(t)
	send(t, client, "hello")
	if got, want := <-c.result, `"hello", <nil>`; got != want {
		t.Errorf("Read, interrupted by signals, returned %s; want %s", got, want)
	}
}

// The first signal ends a write in its middle, short and without an error.
// The next ones meet a write that has written nothing: EINTR.
func TestSignalDoesNotEndWrite(t *testing.T) {
	t.Parallel()
	client, accepted := connect(t, listen(t, "127.0.0.1:0"))
	setTimeout(t, accepted, unix.SO_SNDTIMEO)
	message := bytes.Repeat([]byte("0123456789abcdef"), 1<<20)
	c := waitingCall(unix.SYS_WRITE, func() string {
		err := accepted.Write(message)
		unix.Shutdown(accepted.FD(), unix.SHUT_WR)
		return fmt.Sprint(err)
	})
	c.interrupt(t)
	got, err := io.ReadAll(client)
	if err != nil || !bytes.Equal(got, message) {
		t.Errorf("the client got %d bytes, %v; want the %d bytes of the message as they are", len(got), err, len(message))
	}
	if got, want := <-c.result, "<nil>"; got != want {
		t.Errorf("Write, interrupted by signals, returned %s; want %s", got, want)
	}
}

func setTimeout(t *testing.T, s *sock.Socket, option int) {
	t.Helper()
	if err := unix.SetsockoptTimeval(s.FD(), unix.SOL_SOCKET, option, &unix.Timeval{Sec: 3600}); err != nil {
		t.Fatal(err)
	}
}

// A waiting is a system call that waits on a thread of its own.
type waiting struct {
	call   int // its number
	thread int
	result chan string
}

// waitingCall starts f, which makes the system call.
func waitingCall(call int, f func() string) waiting {
	w := waiting{call, 0, make(chan string, 1)}
	thread := make(chan int)
	go func() {
		runtime.LockOSThread()
		thread <- unix.Gettid()
		w.result <- f()
	}()
	w.thread = <-thread
	return w
}

// interrupt sends the thread the signal that Go sends its threads all the time,
// more often than is needed: one that is still on its way swallows the next.
// The call waits again afterwards.
func (w waiting) interrupt(t *testing.T) {
	t.Helper()
	for range 10 {
		w.await(t)
		if err := unix.Tgkill(unix.Getpid(), w.thread, unix.SIGURG); err != nil {
			t.Fatalf("send SIGURG to thread %d: %v", w.thread, err)
		}
	}
	w.await(t)
}

// await returns when the thread waits in the call.
func (w waiting) await(t *testing.T) {
	t.Helper()
	name := fmt.Sprintf("/proc/self/task/%d/syscall", w.thread)
	want := fmt.Sprintf("%d ", w.call)
	for deadline := time.Now().Add(patience); ; runtime.Gosched() {
		got, err := os.ReadFile(name)
		switch {
		case len(w.result) > 0:
			t.Fatalf("interrupted by a signal, the call returned %s; want it to wait on", <-w.result)
		case err != nil:
			t.Fatalf("where the thread waits: %v", err)
		case strings.HasPrefix(string(got), want):
			return
		case time.Now().After(deadline):
			t.Fatalf("%s says %q, want system call %d", name, got, w.call)
		}
	}
}
