package echo

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/netip"
	"testing"
	"time"

	"example.com/echo/01-blocking/sock"
	"golang.org/x/sys/unix"
)

// TestCallsNeverWait calls accept, read and write when there is nothing to
// accept, nothing to read, and no room to write.
func TestCallsNeverWait(t *testing.T) {
	t.Parallel()
	server, addr := listen(t)
	if fd, _, err := acceptNow(server); err != unix.EAGAIN {
		t.Fatalf("acceptNow without a client: %d, %v; want %v", fd, err, unix.EAGAIN)
	}
	client, accepted := connect(t, server, addr)
	chunk := bytes.Repeat([]byte("0123456789abcdef"), 4096)
	if n, err := readNow(accepted, chunk); n > 0 || err != unix.EAGAIN {
		t.Fatalf("readNow before anything came: %d, %v; want %v", n, err, unix.EAGAIN)
	}
	var sent []byte
	for {
		n, err := writeNow(accepted, chunk)
		if err == unix.EAGAIN {
			break
		}
		if n <= 0 || err != nil {
			t.Fatalf("writeNow to a client that does not read: %d, %v; want bytes taken or %v", n, err, unix.EAGAIN)
		}
		sent = append(sent, chunk[:n]...)
	}
	unix.Shutdown(accepted, unix.SHUT_WR)
	got, err := io.ReadAll(client)
	if err != nil || !bytes.Equal(got, sent) {
		t.Errorf("the client got %d bytes, %v; want the %d bytes that writeNow took", len(got), err, len(sent))
	}
}

// TestCallsReportErrors calls read and write after the client has reset the
// connection.
func TestCallsReportErrors(t *testing.T) {
	t.Parallel()
	client, accepted := connectTo(t)
	client.SetLinger(0)
	client.Close()
	waitFor(t, accepted, unix.POLLIN)
	if n, err := readNow(accepted, make([]byte, 1)); n > 0 || err != unix.ECONNRESET {
		t.Errorf("readNow after a reset: %d, %v; want %v", n, err, unix.ECONNRESET)
	}
	if n, err := writeNow(accepted, []byte("late")); n > 0 || err != unix.EPIPE {
		t.Errorf("writeNow after a reset: %d, %v; want %v", n, err, unix.EPIPE)
	}
}

func TestAcceptedIsNotInherited(t *testing.T) {
	t.Parallel()
	_, accepted := connectTo(t)
	if flags, err := unix.FcntlInt(uintptr(accepted), unix.F_GETFD, 0); flags&unix.FD_CLOEXEC == 0 || err != nil {
		t.Errorf("the accepted socket's flags are %#x, %v; want FD_CLOEXEC", flags, err)
	}
}

// listen returns a non-blocking listening socket and its address.
func listen(t *testing.T) (fd int, addr string) {
	t.Helper()
	s, err := sock.Listen(netip.MustParseAddrPort("127.0.0.1:0"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	if err := unix.SetNonblock(s.FD(), true); err != nil {
		t.Fatal(err)
	}
	return s.FD(), boundTo(t, s.FD())
}

// boundTo returns the address of an IPv4 socket on the loopback interface.
func boundTo(t *testing.T, fd int) string {
	t.Helper()
	sa, err := unix.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("127.0.0.1:%d", sa.(*unix.SockaddrInet4).Port)
}

func connectTo(t *testing.T) (*net.TCPConn, int) {
	t.Helper()
	server, addr := listen(t)
	return connect(t, server, addr)
}

// connect returns both ends of a connection.
func connect(t *testing.T, server int, addr string) (*net.TCPConn, int) {
	t.Helper()
	client, err := net.DialTimeout("tcp", addr, patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	client.SetDeadline(time.Now().Add(patience))
	waitFor(t, server, unix.POLLIN)
	accepted, _, err := acceptNow(server)
	if err != nil {
		t.Fatalf("acceptNow: %v", err)
	}
	t.Cleanup(func() { unix.Close(accepted) })
	return client.(*net.TCPConn), accepted
}

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

func waitFor(t *testing.T, fd int, events int16) {
	t.Helper()
	wait := []unix.PollFd{{Fd: int32(fd), Events: events}}
	for {
		n, err := unix.Poll(wait, int(patience.Milliseconds()))
		if n == 1 {
			return
		}
		if err != unix.EINTR {
			t.Fatalf("descriptor %d is not ready for %#x: %v", fd, events, err)
		}
	}
}
