package haproxy

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"example.com/echo/01-blocking/echotest/server"
)

const config = "haproxy.cfg"

// patience is the longest wait for anything that must happen.
const patience = 20 * time.Second

// A balancer is a running HAProxy with three servers behind it.
type balancer struct {
	t       *testing.T
	addr    string // where clients connect
	admin   string // the path of the runtime socket
	servers map[string]*server.Server
	log     chan string // its lines; closed when HAProxy has ended
	seen    []string    // those that were looked at
}

var names = []string{"one", "two", "three"}

// start starts three servers and HAProxy with the configuration. They end with
// the test.
//
// HAProxy inherits its two listening sockets. So the ports are free ones, and
// clients can connect at once: until HAProxy is up, they are in the accept queue.
func start(t *testing.T) *balancer {
	b := &balancer{t: t, servers: map[string]*server.Server{}, log: make(chan string, 10_000)}
	haproxy := exec.Command(need(t), "-db", "-f", config)
	haproxy.Env = append(os.Environ(), "ECHO_CLIENTS=fd@3", "ECHO_ADMIN=fd@4", "ECHO_CHECK_EVERY=50ms")
	program, err := server.Build("../../05-multiworker")
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range names {
		b.servers[name], err = server.Start(program, "-workers", "2", "-addr", fmt.Sprintf("127.0.0.%d:0", i+2))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { b.servers[name].KillGroup() })
		haproxy.Env = append(haproxy.Env, fmt.Sprintf("ECHO_%s=%v", strings.ToUpper(name), b.servers[name].Addr))
	}
	clients := listen(t, haproxy, "tcp", "127.0.0.1:0")
	admin := listen(t, haproxy, "unix", filepath.Join(shortDir(t), "admin"))
	b.addr, b.admin = clients.String(), admin.String()
	b.run(haproxy)
	return b
}

// listen opens a listening socket that only the program will have.
func listen(t *testing.T, program *exec.Cmd, network, address string) net.Addr {
	t.Helper()
	listener, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	if unix, ok := listener.(*net.UnixListener); ok {
		unix.SetUnlinkOnClose(false)
	}
	file, err := listener.(interface{ File() (*os.File, error) }).File()
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	program.ExtraFiles = append(program.ExtraFiles, file)
	return listener.Addr()
}

// shortDir returns a directory for a socket, whose path must not be longer than
// 107 bytes. Source: unix(7), "Pathname sockets".
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "haproxy")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// run starts HAProxy and follows its log.
func (b *balancer) run(haproxy *exec.Cmd) {
	b.t.Helper()
	log, err := haproxy.StdoutPipe()
	if err != nil {
		b.t.Fatal(err)
	}
	var complaints bytes.Buffer
	haproxy.Stderr = &complaints
	if err := server.Launch(haproxy); err != nil {
		b.t.Fatal(err)
	}
	for _, file := range haproxy.ExtraFiles {
		file.Close()
	}
	ended := make(chan error)
	go func() {
		for lines := bufio.NewScanner(log); lines.Scan(); {
			b.log <- lines.Text()
		}
		close(b.log)
		ended <- haproxy.Wait()
	}()
	b.t.Cleanup(func() {
		haproxy.Process.Kill()
		end := <-ended
		if b.t.Failed() {
			b.t.Logf("HAProxy ended with %v, after the log\n%s\nand on standard error\n%s", end, strings.Join(b.seen, "\n"), &complaints)
		}
	})
}

// await waits until the log has a line that matches the pattern, after those that
// were waited for before.
func (b *balancer) await(pattern string) {
	b.t.Helper()
	wanted, over := regexp.MustCompile(pattern), time.After(patience)
	for {
		select {
		case line, isOpen := <-b.log:
			if !isOpen {
				b.t.Fatalf("expected %q in the log, but HAProxy has ended", pattern)
			}
			b.seen = append(b.seen, line)
			if wanted.MatchString(line) {
				return
			}
		case <-over:
			b.t.Fatalf("expected %q in the log, but it is not there", pattern)
		}
	}
}

// order sends a command to the runtime socket and returns the answer.
// Source: HAProxy's Management Guide, 9.3.
func (b *balancer) order(command string) string {
	b.t.Helper()
	conn, err := net.DialTimeout("unix", b.admin, patience)
	if err != nil {
		b.t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(patience))
	fmt.Fprintln(conn, command)
	answer, err := io.ReadAll(conn)
	if err != nil {
		b.t.Fatalf("%s: %v", command, err)
	}
	return string(answer)
}

// set changes the state of a server: ready or drain.
func (b *balancer) set(name, state string) {
	b.t.Helper()
	if answer := strings.TrimSpace(b.order("set server echo/" + name + " state " + state)); answer != "" {
		b.t.Fatalf("set server %s state %s: %s", name, state, answer)
	}
}

// serverOf returns the name of the server that a client was given to.
func (b *balancer) serverOf(c *client) string {
	b.t.Helper()
	session := regexp.MustCompile(` src=` + regexp.QuoteMeta(c.conn.LocalAddr().String()) + ` fe=clients be=echo srv=(\w+) `)
	sessions := b.order("show sess")
	match := session.FindStringSubmatch(sessions)
	if match == nil {
		b.t.Fatalf("%s: expected a session, but HAProxy has\n%s", c.name, sessions)
	}
	return match[1]
}

// startAgain starts a server anew, where it was before.
func (b *balancer) startAgain(name string) {
	b.t.Helper()
	next, err := b.servers[name].StartAgain(b.servers[name].Addr.String())
	if err != nil {
		b.t.Fatal(err)
	}
	b.servers[name] = next
}
