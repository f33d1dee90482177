// Package peers tests the servers that the lessons are compared with: whoever
// is measured must do the work.
package peers

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

const patience = time.Minute // for what takes a moment

// The peers, and whether a client that closes its half gets all that it is owed.
var peers = []struct {
	name         string
	build        []string // the path of the binary comes after -o
	canHalfClose bool
	onlyOn       string
}{
	{"gnet", []string{"go", "build", "-tags", "poll_opt", "-o", "", "./gnet"}, true, ""},
	{"evio", []string{"go", "build", "-o", "", "./evio"}, true, ""},
	{"netpoll", []string{"go", "build", "-o", "", "./netpoll"}, false, ""},
	{"epoll", []string{"gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", "", "c/epoll.c"}, true, "linux"},
}

func TestPeers(t *testing.T) {
	for _, peer := range peers {
		t.Run(peer.name, func(t *testing.T) {
			if peer.onlyOn != "" && peer.onlyOn != runtime.GOOS {
				t.Skip("only for ", peer.onlyOn)
			}
			addr := start(t, build(t, peer.name, peer.build))
			t.Run("crowd", func(t *testing.T) { testCrowd(t, addr) })
			t.Run("megabyte", func(t *testing.T) { testMegabyte(t, addr) })
			t.Run("reset", func(t *testing.T) { testReset(t, addr) })
			t.Run("half-close", func(t *testing.T) { testHalfClose(t, addr, peer.canHalfClose) })
		})
	}
}

// build builds a peer and returns the path of its binary.
func build(t *testing.T, name string, command []string) string {
	t.Helper()
	if _, err := exec.LookPath(command[0]); err != nil {
		t.Skip("cannot be built here: ", err)
	}
	binary := filepath.Join(t.TempDir(), name)
	var args []string
	for _, arg := range command[1:] {
		if arg == "" {
			arg = binary
		}
		args = append(args, arg)
	}
	cmd := exec.Command(command[0], args...)
	cmd.Env = append(os.Environ(), "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, out)
	}
	return binary
}

// start starts a peer and returns its address. In the end SIGTERM must end it,
// with status 0, and it must have printed one line only.
func start(t *testing.T, binary string) string {
	t.Helper()
	ctx, kill := context.WithTimeout(context.Background(), 3*patience)
	cmd := exec.CommandContext(ctx, binary, "-addr", "127.0.0.1:0")
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stdout)
	line, err := lines.ReadString('\n')
	t.Cleanup(func() {
		defer kill()
		cmd.Process.Signal(syscall.SIGTERM)
		more, _ := io.ReadAll(lines)
		if err := cmd.Wait(); err != nil {
			t.Errorf("expected status 0 after SIGTERM: %v", err)
		}
		if len(more) > 0 || complaints.Len() > 0 {
			t.Errorf("expected one line of output, but there came\n%s%s", more, &complaints)
		}
	})
	addr, isSaid := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "listening on ")
	if err != nil || !isSaid {
		t.Fatalf("expected the line %q, but there came %q, %v", "listening on HOST:PORT", line, err)
	}
	return addr
}

// connect returns a new client, whose every wait has an end.
func connect(addr string) (*net.TCPConn, error) {
	conn, err := net.DialTimeout("tcp", addr, patience)
	if err != nil {
		return nil, err
	}
	return conn.(*net.TCPConn), conn.SetDeadline(time.Now().Add(patience))
}

// client is connect for a test's own goroutine.
func client(t *testing.T, addr string) *net.TCPConn {
	t.Helper()
	conn, err := connect(addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// echo sends a message while it receives the answer, which must be the same.
func echo(conn *net.TCPConn, message []byte) error {
	sent := make(chan error, 1)
	go func() {
		_, err := conn.Write(message)
		sent <- err
	}()
	answer := make([]byte, len(message))
	if n, err := io.ReadFull(conn, answer); err != nil {
		return fmt.Errorf("after %d of %d bytes: %w", n, len(message), err)
	}
	if !bytes.Equal(answer, message) {
		return fmt.Errorf("%d bytes came back, but not the same", len(message))
	}
	return <-sent
}

// testCrowd lets several clients talk at the same time.
func testCrowd(t *testing.T, addr string) {
	const clients, messages = 8, 100
	results := make(chan error, clients)
	for i := range clients {
		go func() { results <- talk(addr, i, messages) }()
	}
	for range clients {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
}

// talk sends messages of client i, none of which any other client sends.
func talk(addr string, i, messages int) error {
	conn, err := connect(addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	for j := range messages {
		if err := echo(conn, fmt.Appendf(nil, "message %d of client %d", j, i)); err != nil {
			return fmt.Errorf("client %d, message %d: %w", i, j, err)
		}
	}
	return nil
}

// bytesOf returns bytes of which no two neighbouring stretches are the same.
func bytesOf(size int) []byte {
	data := make([]byte, 0, size+8)
	for i := 0; len(data) < size; i++ {
		data = fmt.Appendf(data, "%x ", i)
	}
	return data[:size]
}

// testMegabyte sends more than sockets and buffers hold at once.
func testMegabyte(t *testing.T, addr string) {
	if err := echo(client(t, addr), bytesOf(1<<20)); err != nil {
		t.Error(err)
	}
}

// testReset lets a client reset its connection next to one who stays.
func testReset(t *testing.T, addr string) {
	stays, resets := client(t, addr), client(t, addr)
	for _, conn := range []*net.TCPConn{stays, resets} {
		if err := echo(conn, []byte("before")); err != nil {
			t.Fatal(err)
		}
	}
	resets.Write(bytesOf(1 << 16)) // its answer meets nobody
	resets.SetLinger(0)
	resets.Close()
	for _, conn := range []*net.TCPConn{stays, client(t, addr)} {
		if err := echo(conn, []byte("after")); err != nil {
			t.Error(err)
		}
	}
}

// testHalfClose lets a client close its half right after a message. It gets the
// answer, then the end. Where a peer can lose the answer, the client waits for
// it first.
func testHalfClose(t *testing.T, addr string, isOwedAnswer bool) {
	conn := client(t, addr)
	var message []byte
	if isOwedAnswer {
		message = bytesOf(1 << 16)
	} else if err := echo(conn, []byte("first")); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write(message); err != nil {
		t.Fatal(err)
	}
	if err := conn.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil || !bytes.Equal(answer, message) {
		t.Errorf("expected %d bytes and the end, but there came %d and %v", len(message), len(answer), err)
	}
}
