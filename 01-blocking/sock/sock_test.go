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

var modes = map[string]sock.Mode{"non-blocking": sock.NonBlocking, "blocking": sock.Blocking}

func TestEcho(t *testing.T) {
	t.Parallel()
	for family, loopback := range loopbacks {
		for name, mode := range modes {
			t.Run(family+" "+name, func(t *testing.T) {
				t.Parallel()
				server := listen(t, loopback, mode)
				client, accepted := connect(t, server)
				read, write := accepted.Read, accepted.Write
				if mode == sock.NonBlocking {
					read, write = accepted.TryRead, accepted.TryWrite
				}
				buffer := make([]byte, sock.ReadSize)
				for _, message := range []string{"hello\r\n", "\x00", "it's\xff"} {
					send(t, client, message)
					waitFor(t, accepted, unix.POLLIN)
					if n, err := read(buffer); err != nil || string(buffer[:n]) != message {
						t.Fatalf("sent %q, read %q, %v", message, buffer[:max(n, 0)], err)
					}
					if n, err := write([]byte(message)); err != nil || n != len(message) {
						t.Fatalf("write of %q returned %d, %v", message, n, err)
					}
					got := make([]byte, len(message))
					if _, err := io.ReadFull(client, got); err != nil || string(got) != message {
						t.Fatalf("wrote %q, the client got %q, %v", message, got, err)
					}
				}
				client.CloseWrite()
				waitFor(t, accepted, unix.POLLIN)
				if n, err := read(buffer); n != 0 || err != nil {
					t.Errorf("read after the client has closed returned %d, %v; want 0 and no error", n, err)
				}
			})
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for family, loopback := range loopbacks {
		t.Run(family, func(t *testing.T) {
			t.Parallel()
			server := listen(t, loopback, sock.NonBlocking)
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
				listen(t, "[::1]:0", sock.NonBlocking) // :: there can be without ::1
			}
			server := listen(t, wildcard, sock.NonBlocking)
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
	client, accepted := connect(t, listen(t, "127.0.0.1:0", sock.NonBlocking))
	text, peer := accepted.String(), accepted.Peer()
	reset(t, client)
	waitFor(t, accepted, unix.POLLIN)
	if n, err := accepted.TryRead(make([]byte, 1)); n != 0 || err != unix.ECONNRESET {
		t.Errorf("TryRead after a reset returned %d, %v; want %v", n, err, unix.ECONNRESET)
	}
	if n, err := accepted.TryWrite([]byte("late")); n != 0 || err != unix.EPIPE {
		t.Errorf("TryWrite after a reset returned %d, %v; want %v", n, err, unix.EPIPE)
	}
	if n, err := accepted.Write([]byte("late")); n != 0 || err != unix.EPIPE {
		t.Errorf("Write after a reset returned %d, %v; want %v", n, err, unix.EPIPE)
	}
	if err := accepted.ShutdownWrite(); err != unix.ENOTCONN {
		t.Errorf("ShutdownWrite after a reset: %v, want %v", err, unix.ENOTCONN)
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

func TestTryNeverWaits(t *testing.T) {
	t.Parallel()
	server := listen(t, "127.0.0.1:0", sock.NonBlocking)
	if s, err := server.TryAccept(); err != unix.EAGAIN {
		t.Fatalf("TryAccept without a client: %v, %v; want %v", s, err, unix.EAGAIN)
	}
	client, accepted := connect(t, server)
	if s, err := server.TryAccept(); err != unix.EAGAIN {
		t.Fatalf("TryAccept of a second client: %v, %v; want %v", s, err, unix.EAGAIN)
	}
	chunk := bytes.Repeat([]byte("0123456789abcdef"), 4096)
	if n, err := accepted.TryRead(chunk); n != 0 || err != unix.EAGAIN {
		t.Fatalf("TryRead before anything came: %d, %v; want 0, %v", n, err, unix.EAGAIN)
	}

	var sent []byte
	for {
		n, err := accepted.TryWrite(chunk)
		if err == unix.EAGAIN && n == 0 {
			break
		}
		if n <= 0 || err != nil {
			t.Fatalf("TryWrite to a client that does not read: %d, %v; want bytes taken or 0, %v", n, err, unix.EAGAIN)
		}
		sent = append(sent, chunk[:n]...)
	}
	if err := accepted.ShutdownWrite(); err != nil {
		t.Fatalf("ShutdownWrite: %v", err)
	}
	got, err := io.ReadAll(client)
	if err != nil || !bytes.Equal(got, sent) {
		t.Errorf("the client got %d bytes, %v; want the %d bytes that TryWrite took", len(got), err, len(sent))
	}
}

// More than the kernel takes at once.
func TestWriteWritesAll(t *testing.T) {
	t.Parallel()
	client, accepted := connect(t, listen(t, "127.0.0.1:0", sock.Blocking))
	message := bytes.Repeat([]byte("0123456789abcdef"), 1<<20)
	written := make(chan error, 1)
	go func() {
		n, err := accepted.Write(message)
		if err == nil && n != len(message) {
			err = fmt.Errorf("Write returned %d without an error, want %d", n, len(message))
		}
		accepted.ShutdownWrite()
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
	server := listen(t, "127.0.0.1:0", sock.Blocking)
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
	for _, shared := range []bool{false, true} {
		first, err := sock.Listen(netip.MustParseAddrPort("127.0.0.1:0"), sock.NonBlocking, shared)
		if err != nil {
			t.Fatal(err)
		}
		defer first.Close()
		at := addrOf(t, first)
		want := fmt.Sprintf("listen %v: address already in use", at)
		second, err := sock.Listen(at, sock.NonBlocking, false)
		if err == nil {
			second.Close()
		}
		if err == nil || err.Error() != want {
			t.Errorf("the first socket shares its port: %v; the second, which does not: %v, want %s", shared, err, want)
		}
		if !errors.Is(err, unix.EADDRINUSE) {
			t.Errorf("%#v is not %v", err, unix.EADDRINUSE)
		}
	}
}

func TestListenOnSharedPort(t *testing.T) {
	t.Parallel()
	at := netip.MustParseAddrPort("127.0.0.1:0")
	for i := range 3 {
		s, err := sock.Listen(at, sock.NonBlocking, true)
		if err != nil {
			t.Fatalf("socket %d that shares its port: %v", i, err)
		}
		defer s.Close()
		at = addrOf(t, s)
	}
}

func TestListenOnForeignAddress(t *testing.T) {
	t.Parallel()
	foreign := netip.MustParseAddrPort("192.0.2.1:0") // RFC 5737: nobody has it
	s, err := sock.Listen(foreign, sock.NonBlocking, false)
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
		six := listen(t, "[::]:0", sock.NonBlocking)
		port := addrOf(t, six).Port()
		var four *sock.Socket
		four, err = sock.Listen(netip.AddrPortFrom(netip.IPv4Unspecified(), port), sock.NonBlocking, false)
		if err == nil {
			four.Close()
			return
		}
	}
	t.Errorf("ten times [::]:PORT is listened on, and then %v; want both families on one port", err)
}

// Not parallel: nobody else may take the port in between.
func TestListenAgainAtOnce(t *testing.T) {
	server, err := sock.Listen(netip.MustParseAddrPort("127.0.0.1:0"), sock.NonBlocking, false)
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

	again, err := sock.Listen(at, sock.NonBlocking, false)
	if err != nil {
		t.Fatalf("after a restart: %v; want the port again", err)
	}
	again.Close()
}

func TestFlagsAndOptions(t *testing.T) {
	t.Parallel()
	for name, mode := range modes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := listen(t, "127.0.0.1:0", mode)
			_, accepted := connect(t, server)
			for what, s := range map[string]*sock.Socket{"listening": server, "accepted": accepted} {
				if !isCloseOnExec(t, s.FD()) {
					t.Errorf("the %s socket is not FD_CLOEXEC: a started program inherits it", what)
				}
				if got := modeOf(t, s); got != mode {
					t.Errorf("the %s socket's blocking is %v, want %v", what, got, mode)
				}
				if got := s.Mode(); got != mode {
					t.Errorf("the %s socket says that its blocking is %v, want %v", what, got, mode)
				}
			}
			for option, o := range map[string]struct{ level, name int }{
				"TCP_NODELAY":  {unix.IPPROTO_TCP, unix.TCP_NODELAY},
				"SO_KEEPALIVE": {unix.SOL_SOCKET, unix.SO_KEEPALIVE},
			} {
				if value, err := unix.GetsockoptInt(accepted.FD(), o.level, o.name); value == 0 || err != nil {
					t.Errorf("the accepted socket's %s is %d, %v; want it on", option, value, err)
				}
			}
		})
	}
}

func TestModeIsTheSockets(t *testing.T) {
	t.Parallel()
	first := listen(t, "127.0.0.1:0", sock.NonBlocking)
	second, err := first.Dup()
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	for _, mode := range []sock.Mode{sock.Blocking, sock.NonBlocking} {
		if err := first.SetMode(mode); err != nil {
			t.Errorf("SetMode(%v): %v", mode, err)
		}
		if got := second.Mode(); got != mode {
			t.Errorf("SetMode(%v) by one descriptor: %v by the other", mode, got)
		}
	}
}

func TestDupOutlivesClose(t *testing.T) {
	t.Parallel()
	first, err := sock.Listen(netip.MustParseAddrPort("127.0.0.1:0"), sock.NonBlocking, false)
	if err != nil {
		t.Fatal(err)
	}
	second, err := first.Dup()
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if first.FD() == second.FD() {
		t.Errorf("Dup returned descriptor %d again, want another", first.FD())
	}
	if !isCloseOnExec(t, second.FD()) {
		t.Error("the duplicate is not FD_CLOEXEC: a started program inherits it")
	}
	want := fmt.Sprintf("<socket.socket fd=%d, family=2, type=1, proto=0, laddr=('127.0.0.1', %d)>",
		second.FD(), addrOf(t, first).Port())
	if diff := cmp.Diff(want, second.String()); diff != "" {
		t.Errorf("the duplicate, -want +got:\n%s", diff)
	}
	if err := first.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	connect(t, second)
}

func TestInherit(t *testing.T) {
	t.Parallel()
	given := listen(t, "127.0.0.1:0", sock.NonBlocking)
	fd, err := unix.Dup(given.FD()) // as after exec, without FD_CLOEXEC
	if err != nil {
		t.Fatal(err)
	}
	s, err := sock.Inherit(fd)
	if err != nil {
		unix.Close(fd)
		t.Fatalf("Inherit of a listening socket: %v", err)
	}
	defer s.Close()
	if s.FD() != fd {
		t.Errorf("Inherit(%d) has descriptor %d", fd, s.FD())
	}
	if !isCloseOnExec(t, fd) {
		t.Error("the inherited socket is not FD_CLOEXEC: a started program inherits it")
	}
	want := fmt.Sprintf("<socket.socket fd=%d, family=2, type=1, proto=0, laddr=('127.0.0.1', %d)>", fd, addrOf(t, given).Port())
	if diff := cmp.Diff(want, s.String()); diff != "" {
		t.Errorf("the inherited socket, -want +got:\n%s", diff)
	}
	connect(t, s)

	dup, err := s.Dup()
	if err != nil {
		t.Fatal(err)
	}
	defer dup.Close()
	for what, inherited := range map[string][2]bool{
		"a socket of our own":               {given.Inherited(), false},
		"an inherited socket":               {s.Inherited(), true},
		"the duplicate of an inherited one": {dup.Inherited(), true},
	} {
		if inherited[0] != inherited[1] {
			t.Errorf("%s says that other processes share it: %v, want %v", what, inherited[0], inherited[1])
		}
	}
}

func TestInheritOfSomethingElse(t *testing.T) {
	t.Parallel()
	var pipe [2]int
	if err := unix.Pipe(pipe[:]); err != nil {
		t.Fatal(err)
	}
	defer unix.Close(pipe[0])
	defer unix.Close(pipe[1])
	_, connected := connect(t, listen(t, "127.0.0.1:0", sock.NonBlocking))
	for _, c := range []struct {
		what   string
		fd     int
		reason string
	}{
		{"a pipe", pipe[0], "socket operation on non-socket"},
		{"a connected socket", connected.FD(), "not a listening socket"},
		{"nothing", 1 << 30, "bad file descriptor"},
	} {
		s, err := sock.Inherit(c.fd)
		if want := fmt.Sprintf("descriptor %d: %s", c.fd, c.reason); err == nil || err.Error() != want {
			t.Errorf("Inherit of %s returned %v, %v; want the error %s", c.what, s, err, want)
		}
	}
}

func TestShutdownReadEndsAccept(t *testing.T) {
	t.Parallel()
	server := listen(t, "127.0.0.1:0", sock.Blocking)
	accepted := make(chan error, 1)
	go func() {
		_, err := server.Accept()
		accepted <- err
	}()
	server.ShutdownRead()
	select {
	case err := <-accepted:
		if err != unix.EINVAL {
			t.Errorf("Accept on a socket that was shut down: %v, want %v", err, unix.EINVAL)
		}
	case <-time.After(patience):
		t.Errorf("Accept on a socket that was shut down waits on, want %v", unix.EINVAL)
	}
}

// A server that stops still sends back what has come.
func TestShutdownReadKeepsWhatHasCome(t *testing.T) {
	t.Parallel()
	client, accepted := connect(t, listen(t, "127.0.0.1:0", sock.Blocking))
	send(t, client, "hello")
	waitFor(t, accepted, unix.POLLIN)
	accepted.ShutdownRead()
	buffer := make([]byte, 10)
	for _, want := range []string{"hello", ""} {
		if n, err := accepted.Read(buffer); err != nil || string(buffer[:n]) != want {
			t.Errorf("read %q, %v; want %q", buffer[:max(n, 0)], err, want)
		}
	}
	if _, err := accepted.Write([]byte("hello")); err != nil {
		t.Errorf("the echo after ShutdownRead: %v, want it sent", err)
	}
	got := make([]byte, len("hello"))
	if _, err := io.ReadFull(client, got); err != nil || string(got) != "hello" {
		t.Errorf("the client got %q, %v; want the echo of %q", got, err, "hello")
	}
}

func TestShutdownWriteLeavesReading(t *testing.T) {
	t.Parallel()
	client, accepted := connect(t, listen(t, "127.0.0.1:0", sock.Blocking))
	if err := accepted.ShutdownWrite(); err != nil {
		t.Errorf("ShutdownWrite: %v", err)
	}
	if got, err := io.ReadAll(client); len(got) > 0 || err != nil {
		t.Errorf("the client read %q, %v; want the end", got, err)
	}
	send(t, client, "late")
	buffer := make([]byte, 10)
	if n, err := accepted.Read(buffer); err != nil || string(buffer[:n]) != "late" {
		t.Errorf("read %q, %v; want %q", buffer[:max(n, 0)], err, "late")
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
	for name, mode := range modes {
		client, accepted := connect(t, listen(t, "127.0.0.1:0", mode))
		buffer := make([]byte, 100)
		read, write := accepted.Read, accepted.Write
		if mode == sock.NonBlocking {
			read, write = accepted.TryRead, accepted.TryWrite
		}
		allocs := testing.AllocsPerRun(100, func() {
			client.Write(buffer[:1])
			waitFor(t, accepted, unix.POLLIN)
			n, err := read(buffer)
			if _, werr := write(buffer[:max(n, 0)]); n != 1 || err != nil || werr != nil {
				t.Fatalf("%s: read %d bytes, %v, and wrote them, %v; want 1", name, n, err, werr)
			}
		})
		if allocs != 0 {
			t.Errorf("%s: %v allocations a message, want none", name, allocs)
		}
	}
}

// listen returns a socket that is closed after the test. It skips the test if
// the kernel has no IPv6 and addr needs it.
func listen(t *testing.T, addr string, mode sock.Mode) *sock.Socket {
	t.Helper()
	at := netip.MustParseAddrPort(addr)
	s, err := sock.Listen(at, mode, false)
	if at.Addr().Is6() && (errors.Is(err, unix.EAFNOSUPPORT) || errors.Is(err, unix.EADDRNOTAVAIL)) {
		t.Skipf("needs IPv6: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if modeOf(t, s) != mode {
		t.Fatalf("the listening socket's blocking is %v, want %v", !mode, mode)
	}
	return s
}

// connect returns both ends of a connection to server.
func connect(t *testing.T, server *sock.Socket) (*net.TCPConn, *sock.Socket) {
	t.Helper()
	client := dial(t, server)
	accepted := accept(t, server)
	t.Cleanup(func() { accepted.Close() })
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

// accept accepts a client whose dial has returned, as server's mode asks for.
// A socket in the wrong mode would stop the test instead of failing it.
func accept(t *testing.T, server *sock.Socket) *sock.Socket {
	t.Helper()
	waitFor(t, server, unix.POLLIN)
	mode := modeOf(t, server)
	accept := server.TryAccept
	if mode == sock.Blocking {
		accept = server.Accept
	}
	accepted, err := accept()
	if err != nil {
		t.Fatalf("accept by %v: %v", server, err)
	}
	if modeOf(t, accepted) != mode {
		t.Fatalf("the accepted socket's blocking is %v, want %v", !mode, mode)
	}
	return accepted
}

// modeOf asks the kernel, and not the package that is tested.
func modeOf(t *testing.T, s *sock.Socket) sock.Mode {
	t.Helper()
	return sock.Mode(flags(t, s.FD(), unix.F_GETFL)&unix.O_NONBLOCK == 0)
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

func isCloseOnExec(t *testing.T, fd int) bool {
	t.Helper()
	return flags(t, fd, unix.F_GETFD)&unix.FD_CLOEXEC != 0
}

func flags(t *testing.T, fd, which int) int {
	t.Helper()
	flags, err := unix.FcntlInt(uintptr(fd), which, 0)
	if err != nil {
		t.Fatalf("fcntl of descriptor %d: %v", fd, err)
	}
	return flags
}
