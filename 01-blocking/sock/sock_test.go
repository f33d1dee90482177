package sock_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"example.com/echo/01-blocking/sock"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

var loopbacks = map[string]string{"IPv4": "127.0.0.1:0", "IPv6": "[::1]:0"}

func TestEcho(t *testing.T) {
	t.Parallel()
	for family, loopback := range loopbacks {
		t.Run(family, func(t *testing.T) {
			t.Parallel()
			client, accepted := connect(t, listen(t, loopback))
			buffer := make([]byte, sock.ReadSize)
			for _, message := range []string{"hello\r\n", "\x00", "it's\xff"} {
				send(t, client, message)
				if n, err := accepted.Read(buffer); err != nil || string(buffer[:n]) != message {
					t.Fatalf("sent %q, read %q, %v", message, buffer[:max(n, 0)], err)
				}
				if err := accepted.Write([]byte(message)); err != nil {
					t.Fatalf("Write of %q: %v", message, err)
				}
				got := make([]byte, len(message))
				if _, err := io.ReadFull(client, got); err != nil || string(got) != message {
					t.Fatalf("wrote %q, the client got %q, %v", message, got, err)
				}
			}
			client.CloseWrite()
			if n, err := accepted.Read(buffer); n != 0 || err != nil {
				t.Errorf("Read after the client has closed returned %d, %v; want 0 and no error", n, err)
			}
		})
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for family, loopback := range loopbacks {
		t.Run(family, func(t *testing.T) {
			t.Parallel()
			server := listen(t, loopback)
			at := addrOf(t, server)
			number, print := unix.AF_INET, func(a netip.AddrPort) string {
				return fmt.Sprintf("('%s', %d)", a.Addr(), a.Port())
			}
			if at.Addr().Is6() {
				number, print = unix.AF_INET6, func(a netip.AddrPort) string {
					return fmt.Sprintf("('%s', %d, 0, 0)", a.Addr(), a.Port())
				}
			}
			want := fmt.Sprintf("<socket.socket fd=%d, family=%d, type=1, proto=0, laddr=%s>", server.FD(), number, print(at))
			if diff := cmp.Diff(want, server.String()); diff != "" {
				t.Errorf("a listening socket, -want +got:\n%s", diff)
			}
			if got := server.Peer(); got != "" {
				t.Errorf("a listening socket has the peer %s, want none", got)
			}

			client, accepted := connect(t, server)
			from := client.LocalAddr().(*net.TCPAddr).AddrPort()
			want = fmt.Sprintf("<socket.socket fd=%d, family=%d, type=1, proto=0, laddr=%s, raddr=%s>",
				accepted.FD(), number, print(at), print(from))
			if diff := cmp.Diff(want, accepted.String()); diff != "" {
				t.Errorf("an accepted socket, -want +got:\n%s", diff)
			}
			if got, want := accepted.Peer(), print(from); got != want {
				t.Errorf("an accepted socket has the peer %s, want %s", got, want)
			}
		})
	}
}

// A server that is bound to every address is asked at one of them.
func TestTextOfClientOfWildcard(t *testing.T) {
	t.Parallel()
	for wildcard, host := range map[string]string{"0.0.0.0:0": "127.0.0.1", "[::]:0": "::1"} {
		t.Run(wildcard, func(t *testing.T) {
			t.Parallel()
			if netip.MustParseAddr(host).Is6() {
				listen(t, "[::1]:0") // :: there can be without ::1
			}
			server := listen(t, wildcard)
			_, accepted := connect(t, server)
			want := netip.AddrPortFrom(netip.MustParseAddr(host), addrOf(t, server).Port())
			sa, err := unix.Getsockname(accepted.FD())
			if err != nil || addrPort(sa) != want {
				t.Fatalf("the client came to %v, %v; want %v", sa, err, want)
			}
			if part := fmt.Sprintf(" laddr=('%s', %d", host, want.Port()); !strings.Contains(accepted.String(), part) {
				t.Errorf("got %s, want%s in it", accepted, part)
			}
		})
	}
}

// What a peer was called is in the log when its connection is lost, and the
// kernel does not know it any more.
func TestTextAfterReset(t *testing.T) {
	t.Parallel()
	client, accepted := connect(t, listen(t, "127.0.0.1:0"))
	text, peer := accepted.String(), accepted.Peer()
	reset(t, client)
	waitFor(t, accepted, unix.POLLIN)
	if n, err := accepted.Read(make([]byte, 1)); n > 0 || err != unix.ECONNRESET {
		t.Errorf("Read after a reset returned %d, %v; want %v", n, err, unix.ECONNRESET)
	}
	if err := accepted.Write([]byte("late")); err != unix.EPIPE {
		t.Errorf("Write after a reset: %v, want %v", err, unix.EPIPE)
	}
	if sa, err := unix.Getpeername(accepted.FD()); err == nil {
		t.Errorf("the kernel still knows the peer, %v: this test tests nothing", sa)
	}
	if got := accepted.String(); got != text {
		t.Errorf("after a reset the socket is %s, want %s as before", got, text)
	}
	if got := accepted.Peer(); got != peer {
		t.Errorf("after a reset the peer is %s, want %s as before", got, peer)
	}
}

// More than the kernel takes at once.
func TestWriteWritesAll(t *testing.T) {
	t.Parallel()
	client, accepted := connect(t, listen(t, "127.0.0.1:0"))
	message := bytes.Repeat([]byte("0123456789abcdef"), 1<<20)
	written := make(chan error, 1)
	go func() {
		err := accepted.Write(message)
		unix.Shutdown(accepted.FD(), unix.SHUT_WR)
		written <- err
	}()
	got, err := io.ReadAll(client)
	if err != nil || !bytes.Equal(got, message) {
		t.Errorf("the client got %d bytes, %v; want the %d bytes of the message", len(got), err, len(message))
	}
	if err := <-written; err != nil {
		t.Error(err)
	}
}

func TestAcceptWaits(t *testing.T) {
	t.Parallel()
	server := listen(t, "127.0.0.1:0")
	accepted := make(chan *sock.Socket)
	go func() {
		s, err := server.Accept()
		if err != nil {
			t.Errorf("Accept: %v", err)
		}
		accepted <- s
	}()
	client := dial(t, server)
	s := <-accepted
	if s == nil {
		return
	}
	defer s.Close()
	send(t, client, "hello")
	buffer := make([]byte, 10)
	if n, err := s.Read(buffer); err != nil || string(buffer[:n]) != "hello" {
		t.Errorf("read %q, %v; want %q", buffer[:max(n, 0)], err, "hello")
	}
}

func TestListenOnPortInUse(t *testing.T) {
	t.Parallel()
	at := addrOf(t, listen(t, "127.0.0.1:0"))
	want := fmt.Sprintf("listen %v: address already in use", at)
	second, err := sock.Listen(at)
	if err == nil {
		second.Close()
	}
	if err == nil || err.Error() != want {
		t.Errorf("the second socket on a port: %v, want %s", err, want)
	}
	if !errors.Is(err, unix.EADDRINUSE) {
		t.Errorf("%#v is not %v", err, unix.EADDRINUSE)
	}
}

func TestListenWithAnOption(t *testing.T) {
	t.Parallel()
	s, err := sock.Listen(netip.MustParseAddrPort("127.0.0.1:0"), sock.Option{Level: unix.SOL_SOCKET, Name: unix.SO_REUSEPORT})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if value, err := unix.GetsockoptInt(s.FD(), unix.SOL_SOCKET, unix.SO_REUSEPORT); value == 0 || err != nil {
		t.Errorf("SO_REUSEPORT is %d, %v; want it on", value, err)
	}
}

func TestListenOnForeignAddress(t *testing.T) {
	t.Parallel()
	foreign := netip.MustParseAddrPort("192.0.2.1:0") // RFC 5737: nobody has it
	s, err := sock.Listen(foreign)
	if err == nil {
		s.Close()
	}
	want := fmt.Sprintf("listen %v: %v", foreign, unix.EADDRNOTAVAIL)
	if err == nil || err.Error() != want {
		t.Errorf("Listen on an address of another machine: %v, want %s", err, want)
	}
}

// Each family has its own ports. Another program may have the IPv4 one of a
// port that is free for IPv6, so a few ports are tried.
func TestIPv6IsIPv6Only(t *testing.T) {
	t.Parallel()
	var err error
	for range 10 {
		six := listen(t, "[::]:0")
		port := addrOf(t, six).Port()
		var four *sock.Socket
		four, err = sock.Listen(netip.AddrPortFrom(netip.IPv4Unspecified(), port))
		if err == nil {
			four.Close()
			return
		}
	}
	t.Errorf("ten times [::]:PORT is listened on, and then %v; want both families on one port", err)
}

// Not parallel: nobody else may take the port in between.
func TestListenAgainAtOnce(t *testing.T) {
	server, err := sock.Listen(netip.MustParseAddrPort("127.0.0.1:0"))
	if err != nil {
		t.Fatal(err)
	}
	at := addrOf(t, server)
	client := dial(t, server)
	accepted := accept(t, server)
	accepted.Close() // who closes first is left with TIME_WAIT
	io.Copy(io.Discard, client)
	client.Close()
	server.Close()

	again, err := sock.Listen(at)
	if err != nil {
		t.Fatalf("after a restart: %v; want the port again", err)
	}
	again.Close()
}

func TestFlagsAndOptions(t *testing.T) {
	t.Parallel()
	server := listen(t, "127.0.0.1:0")
	_, accepted := connect(t, server)
	for what, s := range map[string]*sock.Socket{"listening": server, "accepted": accepted} {
		if flags(t, s.FD(), unix.F_GETFD)&unix.FD_CLOEXEC == 0 {
			t.Errorf("the %s socket is not FD_CLOEXEC: a started program inherits it", what)
		}
		if flags(t, s.FD(), unix.F_GETFL)&unix.O_NONBLOCK != 0 {
			t.Errorf("the %s socket is non-blocking, want it to wait", what)
		}
	}
	for option, o := range map[string]sock.Option{
		"TCP_NODELAY":  {Level: unix.IPPROTO_TCP, Name: unix.TCP_NODELAY},
		"SO_KEEPALIVE": {Level: unix.SOL_SOCKET, Name: unix.SO_KEEPALIVE},
	} {
		if value, err := unix.GetsockoptInt(accepted.FD(), o.Level, o.Name); value == 0 || err != nil {
			t.Errorf("the accepted socket's %s is %d, %v; want it on", option, value, err)
		}
	}
}

func TestClassify(t *testing.T) {
	t.Parallel()
	for errno, want := range map[unix.Errno]sock.Trouble{
		unix.EAGAIN:       sock.Passing,
		unix.ECONNABORTED: sock.Passing,
		unix.EPROTO:       sock.Passing,
		unix.ENETDOWN:     sock.Passing,
		unix.EPERM:        sock.Passing, // a firewall's word
		unix.EMFILE:       sock.Full,
		unix.ENFILE:       sock.Full,
		unix.ENOBUFS:      sock.Full,
		unix.ENOMEM:       sock.Full,
		unix.EBADF:        sock.Broken,
		unix.EINVAL:       sock.Broken,
		unix.ENOTSOCK:     sock.Broken,
	} {
		if got := sock.Classify(errno); got != want {
			t.Errorf("Classify(%v) = %d, want %d", errno, got, want)
		}
	}
}

// Not parallel: the allocations of the whole process are counted.
func TestMessageDoesNotAllocate(t *testing.T) {
	client, accepted := connect(t, listen(t, "127.0.0.1:0"))
	buffer := make([]byte, 100)
	allocs := testing.AllocsPerRun(100, func() {
		client.Write(buffer[:1])
		n, err := accepted.Read(buffer)
		if werr := accepted.Write(buffer[:max(n, 0)]); n != 1 || err != nil || werr != nil {
			t.Fatalf("read %d bytes, %v, and wrote them, %v; want 1", n, err, werr)
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations a message, want none", allocs)
	}
}

// listen returns a socket that is closed after the test. It skips the test if
// the kernel has no IPv6 and addr needs it.
func listen(t *testing.T, addr string) *sock.Socket {
	t.Helper()
	at := netip.MustParseAddrPort(addr)
	s, err := sock.Listen(at)
	if at.Addr().Is6() && (errors.Is(err, unix.EAFNOSUPPORT) || errors.Is(err, unix.EADDRNOTAVAIL)) {
		t.Skipf("needs IPv6: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// connect returns both ends of a connection to server.
func connect(t *testing.T, server *sock.Socket) (*net.TCPConn, *sock.Socket) {
	t.Helper()
	client := dial(t, server)
	accepted := accept(t, server)
	t.Cleanup(accepted.Close)
	return client, accepted
}

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

func dial(t *testing.T, server *sock.Socket) *net.TCPConn {
	t.Helper()
	at := addrOf(t, server)
	client, err := net.DialTimeout("tcp", at.String(), patience)
	if err != nil {
		t.Fatalf("dial %v: %v", at, err)
	}
	client.SetDeadline(time.Now().Add(patience))
	t.Cleanup(func() { client.Close() })
	return client.(*net.TCPConn)
}

// accept accepts a client whose dial has returned.
func accept(t *testing.T, server *sock.Socket) *sock.Socket {
	t.Helper()
	accepted, err := server.Accept()
	if err != nil {
		t.Fatalf("Accept by %v: %v", server, err)
	}
	return accepted
}

// waitFor waits until s is readable (POLLIN) or writable (POLLOUT).
func waitFor(t *testing.T, s *sock.Socket, events int16) {
	t.Helper()
	fds := []unix.PollFd{{Fd: int32(s.FD()), Events: events}}
	for {
		n, err := unix.Poll(fds, int(patience.Milliseconds()))
		switch {
		case n == 1:
			return
		case err != unix.EINTR:
			t.Fatalf("waited %v for %v, %v; want it ready for %#x", patience, s, err, events)
		}
	}
}

func send(t *testing.T, client net.Conn, message string) {
	t.Helper()
	if _, err := io.WriteString(client, message); err != nil {
		t.Fatalf("send %q: %v", message, err)
	}
}

// reset ends the connection with a RST instead of a FIN.
func reset(t *testing.T, client *net.TCPConn) {
	t.Helper()
	if err := client.SetLinger(0); err != nil {
		t.Fatal(err)
	}
	client.Close()
}

func addrOf(t *testing.T, s *sock.Socket) netip.AddrPort {
	t.Helper()
	sa, err := unix.Getsockname(s.FD())
	if err != nil {
		t.Fatalf("getsockname of %v: %v", s, err)
	}
	return addrPort(sa)
}

func addrPort(sa unix.Sockaddr) netip.AddrPort {
	switch sa := sa.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(sa.Addr), uint16(sa.Port))
	case *unix.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(sa.Addr), uint16(sa.Port))
	}
	return netip.AddrPort{}
}

func flags(t *testing.T, fd, which int) int {
	t.Helper()
	flags, err := unix.FcntlInt(uintptr(fd), which, 0)
	if err != nil {
		t.Fatalf("fcntl of descriptor %d: %v", fd, err)
	}
	return flags
}
