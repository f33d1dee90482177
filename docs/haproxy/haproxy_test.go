// Package haproxy has a configuration for HAProxy, and tests that run it: three
// servers of lesson 5 behind one address, which dies, hangs or is replaced while
// clients are there.
package haproxy

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"

	"example.com/echo/01-blocking/echotest"
)

func TestMain(m *testing.M) { echotest.Main(m) }

// need returns the path of HAProxy, which this machine may lack.
func need(t *testing.T) string {
	t.Helper()
	if _, err := os.Stat(config); err != nil { // so go test takes notice of it
		t.Fatal(err)
	}
	if runtime.GOOS != "linux" {
		t.Skip("needs 127.0.0.2 to 127.0.0.4, which Linux has without being told")
	}
	for _, name := range []string{"haproxy", "/usr/sbin/haproxy"} { // Debian's users may have no sbin in PATH
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("needs haproxy, for example Debian's package of that name")
	return ""
}

// TestConfiguration holds the configuration, as a reader runs it, to what HAProxy
// accepts without a warning.
func TestConfiguration(t *testing.T) {
	t.Parallel()
	if out, err := exec.Command(need(t), "-c", "-dW", "-f", config).CombinedOutput(); err != nil {
		t.Errorf("haproxy -c: %v\n%s", err, out)
	}
}

// TestClientsAreSpread lets clients come one after another, and stay.
func TestClientsAreSpread(t *testing.T) {
	t.Parallel()
	b := start(t)
	count := map[string]int{}
	for i := range 2 * len(names) {
		count[b.serverOf(b.connect(fmt.Sprint("client ", i)))]++
	}
	for _, name := range names {
		if count[name] != 2 {
			t.Errorf("expected 2 clients at each server, found %v", count)
		}
	}
}

// TestServerDies kills a server with all its workers.
func TestServerDies(t *testing.T) {
	t.Parallel()
	b := start(t)
	here := b.oneClientEach()
	b.servers["two"].Kill()
	here["two"].expectEnd()
	for i := range 5 { // even before HAProxy has noticed
		b.connect(fmt.Sprint("early ", i))
	}
	b.await("Server echo/two is DOWN, ") // refused, or reset in the middle of a check
	here["one"].echo("still here")
	here["three"].echo("still here")

	b.startAgain("two")
	b.await("Server echo/two is UP")
	if name := b.serverOf(b.connect("late")); name != "two" {
		t.Errorf("expected the next client at server two, which has none, but it is at %s", name)
	}
}

// TestServerHangs suspends a server with all its workers. Its kernel still
// accepts connections.
func TestServerHangs(t *testing.T) {
	t.Parallel()
	b := start(t)
	here := b.oneClientEach()
	b.signalGroup("two", syscall.SIGSTOP)
	here["two"].send("answer when you can")
	b.await("Server echo/two is DOWN, .* timeout")
	for i := range 3 {
		b.connect(fmt.Sprint("new ", i))
	}
	b.signalGroup("two", syscall.SIGCONT)
	b.await("Server echo/two is UP")
	here["two"].expect("answer when you can")
}

// TestServerIsReplaced takes a server out while all three serve a client that
// streams, and puts another one in its place. No byte is lost.
func TestServerIsReplaced(t *testing.T) {
	t.Parallel()
	b := start(t)
	streams := map[string]*stream{}
	for name, c := range b.oneClientEach() {
		streams[name] = c.stream()
	}
	b.set("one", "drain")
	b.await("Server echo/one enters drain state")
	for i := range len(names) {
		if name := b.serverOf(b.connect(fmt.Sprint("new ", i))); name == "one" {
			t.Errorf("a new client is at a server that is drained")
		}
	}
	streams["one"].goesOn()
	streams["one"].finish()
	b.await(` clients echo/one .* \d+/\d+/\d+/0/\d+ `) // its last client has left: none is active

	if err := b.servers["one"].Stop(); err != nil {
		t.Error(err)
	}
	b.await("Server echo/one is DOWN")
	b.startAgain("one")
	b.await("Server echo/one is UP")
	b.set("one", "ready")
	b.await("Server echo/one is UP .leaving forced drain")
	if name := b.serverOf(b.connect("next")); name != "one" {
		t.Errorf("expected the next client at the new server, which has none, but it is at %s", name)
	}
	for _, name := range []string{"two", "three"} {
		streams[name].goesOn()
		streams[name].finish()
	}
}

// oneClientEach returns a client of each server, by the server's name.
func (b *balancer) oneClientEach() map[string]*client {
	b.t.Helper()
	clients := map[string]*client{}
	for i := range names {
		c := b.connect(fmt.Sprint("client ", i))
		clients[b.serverOf(c)] = c
	}
	if len(clients) != len(names) {
		b.t.Fatalf("expected a client at each server, found them only at %v", clients)
	}
	return clients
}

// signalGroup sends a signal to a server and all its workers.
func (b *balancer) signalGroup(name string, signal syscall.Signal) {
	b.t.Helper()
	if err := syscall.Kill(-b.servers[name].PID(), signal); err != nil {
		b.t.Fatal(err)
	}
}
