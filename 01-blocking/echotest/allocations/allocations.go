// Package allocations measures what a loop allocates, in the process of the test.
package allocations

import (
	"bytes"
	"io"
	"net"
	"net/netip"
	"os"
	"testing"

	"example.com/echo/01-blocking/echotest/logfile"
	"example.com/echo/01-blocking/eventlog"
	"example.com/echo/01-blocking/program"
	"example.com/echo/01-blocking/sock"
	"example.com/echo/01-blocking/stop"
)

// message is what the clients here send. Newlines take more room in the log.
var message = bytes.Repeat([]byte("it's\n"), 100)

// EchoAllocatesNothing tests that a loop that is warm allocates no memory for an
// echo, with the log on.
func EchoAllocatesNothing(t *testing.T, loop program.Loop, mode sock.Mode) {
	conn := serveInProcess(t, loop, mode)
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
func BenchmarkEcho(b *testing.B, loop program.Loop, mode sock.Mode) {
	conn := serveInProcess(b, loop, mode)
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

// serveInProcess runs the loop in this process, which its log goes nowhere from,
// and returns a client of it. Both end with the test.
func serveInProcess(t testing.TB, loop program.Loop, mode sock.Mode) net.Conn {
	t.Helper()
	server, err := sock.Listen(netip.MustParseAddrPort("127.0.0.1:0"), mode, false)
	if err != nil {
		t.Fatal(err)
	}
	stopping, err := stop.New()
	if err != nil {
		t.Fatal(err)
	}
	nowhere, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	socket, err := logfile.ParseSocket(server.String())
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- loop(server, eventlog.New(eventlog.NewOutput(int(nowhere.Fd()))), stopping) }()
	conn, err := net.Dial("tcp", netip.AddrPortFrom(netip.MustParseAddr(socket.LocalHost), uint16(socket.LocalPort)).String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		conn.Close()
		server.SetMode(sock.NonBlocking)
		stopping.Send()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		nowhere.Close()
	})
	return conn
}
