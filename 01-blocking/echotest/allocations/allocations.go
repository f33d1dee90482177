// Package allocations measures what a loop allocates, in the process of the test.
package allocations

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"testing"

	"example.com/echo/01-blocking/eventlog"
	"example.com/echo/01-blocking/sock"
	"golang.org/x/sys/unix"
)

// message is what the clients here send. Newlines take more room in the log.
var message = bytes.Repeat([]byte("it's\n"), 100)

// A Serve function serves the clients of server in this process, and goes on
// until the tests end.
type Serve func(server *sock.Socket, log *eventlog.Log) error

// EchoAllocatesNothing tests that a loop that is warm allocates no memory for an
// echo, with the log on.
func EchoAllocatesNothing(t *testing.T, serve Serve) {
	conn := connectTo(t, serve)
	echo := func() { echoOnce(t, conn) }
	for range 100 {
		echo()
	}
	if n := testing.AllocsPerRun(1000, echo); n > 0 {
		t.Errorf("expected no allocations per echo, but there are %v", n)
	}
}

// BenchmarkEcho measures the echoes of one client, the client's own part
// included, and the memory that is allocated for them.
func BenchmarkEcho(b *testing.B, serve Serve) {
	conn := connectTo(b, serve)
	echoOnce(b, conn)
	b.ReportAllocs()
	for b.Loop() {
		echoOnce(b, conn)
	}
}

var came = make([]byte, len(message))

func echoOnce(t testing.TB, conn net.Conn) {
	if _, err := conn.Write(message); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(conn, came); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(came, message) {
		t.Fatalf("expected %q back, but %q came", message, came)
	}
}

// connectTo runs serve with a log that goes nowhere, and returns a client, which
// is closed when the test ends.
func connectTo(t testing.TB, serve Serve) net.Conn {
	t.Helper()
	server, err := sock.Listen(netip.MustParseAddrPort("127.0.0.1:0"))
	if err != nil {
		t.Fatal(err)
	}
	nowhere, err := unix.Open(os.DevNull, unix.O_WRONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	local, err := unix.Getsockname(server.FD())
	if err != nil {
		t.Fatal(err)
	}
	go func() { t.Error(serve(server, eventlog.New(eventlog.Output(nowhere)))) }()
	conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", local.(*unix.SockaddrInet4).Port))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}
