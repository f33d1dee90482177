package worker

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"example.com/echo/01-blocking/sock"
	"golang.org/x/sys/unix"
)

var anyPort = netip.MustParseAddrPort("127.0.0.1:0")

func TestListenEach(t *testing.T) {
	t.Parallel()
	sockets, err := listen(anyPort, &options{listen: "reuseport", workers: 4})
	if err != nil {
		t.Fatal(err)
	}
	defer closeAll(sockets)
	if len(sockets) != 4 {
		t.Fatalf("expected 4 sockets, got %d", len(sockets))
	}
	addr, err := boundTo(sockets[0].FD())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sockets {
		if got, err := boundTo(s.FD()); got != addr || err != nil {
			t.Errorf("expected all sockets at %v, but one is at %v (%v)", addr, got, err)
		}
	}
	if second, err := listen(addr, &options{listen: "reuseport", workers: 4}); err == nil {
		closeAll(second)
		t.Errorf("expected a second copy to be refused, but it listens on %v too", addr)
	}
	for range 100 { // all to one of 4 queues: once in 4^99 runs
		client, err := net.DialTimeout("tcp", addr.String(), 30*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
	}
	withClients := 0
	for _, s := range sockets {
		if isReadable(t, s.FD()) {
			withClients++
		}
	}
	if withClients < 2 {
		t.Errorf("expected the clients in several queues, but they are in %d", withClients)
	}
}

func isReadable(t *testing.T, fd int) bool {
	t.Helper()
	wait := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	if _, err := unix.Poll(wait, 0); err != nil {
		t.Fatal(err)
	}
	return wait[0].Revents != 0
}

func TestDupOutlivesClose(t *testing.T) {
	t.Parallel()
	first, err := sock.Listen(anyPort)
	if err != nil {
		t.Fatal(err)
	}
	addr, err := boundTo(first.FD())
	if err != nil {
		t.Fatal(err)
	}
	second, err := dup(first)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	want := strings.Replace(first.String(), fmt.Sprintf("fd=%d,", first.FD()), fmt.Sprintf("fd=%d,", second.FD()), 1)
	if got := second.String(); got != want || first.FD() == second.FD() {
		t.Errorf("expected the duplicate to be %s, got %s", want, got)
	}
	expectCloseOnExec(t, second.FD())
	first.Close()
	client, err := net.DialTimeout("tcp", addr.String(), 30*time.Second)
	if err != nil {
		t.Fatalf("the duplicate does not listen after the first was closed: %v", err)
	}
	client.Close()
}

func TestInherit(t *testing.T) {
	t.Parallel()
	given, err := sock.Listen(anyPort)
	if err != nil {
		t.Fatal(err)
	}
	defer given.Close()
	fd, err := unix.Dup(given.FD()) // as after exec, without FD_CLOEXEC
	if err != nil {
		t.Fatal(err)
	}
	s, err := inherit(fd)
	if err != nil {
		t.Fatalf("inherit of a listening socket: %v", err)
	}
	defer s.Close()
	if s.FD() != fd {
		t.Errorf("inherit(%d) has descriptor %d", fd, s.FD())
	}
	expectCloseOnExec(t, fd)
}

func TestInheritOfSomethingElse(t *testing.T) {
	t.Parallel()
	pipe := make([]int, 2)
	if err := unix.Pipe(pipe); err != nil {
		t.Fatal(err)
	}
	defer unix.Close(pipe[0])
	defer unix.Close(pipe[1])
	fresh, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fresh)
	for _, c := range []struct {
		what   string
		fd     int
		reason string
	}{
		{"a pipe", pipe[0], "socket operation on non-socket"},
		{"a socket that does not listen", fresh, "not a listening socket"},
		{"nothing", 1 << 30, "bad file descriptor"},
	} {
		s, err := inherit(c.fd)
		if want := fmt.Sprintf("descriptor %d: %s", c.fd, c.reason); err == nil || err.Error() != want {
			t.Errorf("inherit of %s returned %v, %v; want the error %s", c.what, s, err, want)
		}
	}
}

func expectCloseOnExec(t *testing.T, fd int) {
	t.Helper()
	if flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); flags&unix.FD_CLOEXEC == 0 || err != nil {
		t.Errorf("expected descriptor %d to be closed on exec, but its flags are %#x (%v)", fd, flags, err)
	}
}
