// Package random faces a server with clients that do random things.
package random

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/logfile"
	"example.com/echo/01-blocking/echotest/procfs"
	"example.com/echo/01-blocking/echotest/server"
)

var (
	seed    = flag.Uint64("seed", 0, "have the random clients do what this seed gives; 0 picks one")
	actions = flag.Int("actions", 300, "have the random clients do so many things")
)

// A Crowd says what random clients a server faces.
type Crowd struct {
	// Args are flags for the program.
	Args []string
	// Clients is how many may be there at the same time.
	Clients int
	// Workers is how many worker processes the server has. If there are any,
	// one is killed now and then.
	Workers int
}

// Play has clients do random things to the lesson's program:
// come, send, half-close, reset, stop reading and go on, leave. One goroutine
// draws what is done, and nothing that it draws depends on what the server does:
// so a seed gives the same actions every time, and the flags -seed and -actions
// play them again.
//
// Whatever they do, everybody gets its own bytes back, in order and all of them
// unless it went away before; the log is whole; the server has as many
// descriptors open as before, serves the next client, and ends with status 0.
func Play(t *testing.T, crowd Crowd) {
	s, err := server.Start(echotest.Program(t), crowd.Args...)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Kill()
	g := &game{Crowd: crowd, server: s, seed: *seed}
	for g.seed == 0 {
		g.seed = rand.Uint64N(1e9)
	}
	g.random = rand.New(rand.NewPCG(g.seed, 0))
	lesson, _ := server.Lesson()
	here, _ := os.Getwd()
	tests, _ := filepath.Rel(filepath.Dir(lesson), here)
	replay := fmt.Sprintf("go test ./%s -run '%s$' -seed %d -actions %d", tests, t.Name(), g.seed, *actions)
	t.Logf("to see it again: %s", replay)
	if err := g.play(*actions); err != nil {
		t.Fatalf("%v\nseed %d, after %d actions; the last:\n%s%s", err, g.seed, len(g.did), g.lastActions(), s.LastLines(g.names()))
	}
}

// A game is one play of random actions against a server.
type game struct {
	Crowd
	server *server.Server
	seed   uint64
	random *rand.Rand

	here   []*player // who may still do something
	all    []*player // in the order in which they came
	did    []string
	killed int // workers
	before openDescriptors
}

func (g *game) play(actions int) error {
	defer func() {
		for _, p := range g.all {
			p.end(false)
		}
	}()
	if err := g.countDescriptors(); err != nil {
		return err
	}
	for range actions {
		if err := g.act(); err != nil {
			return err
		}
		if err := g.firstError(); err != nil {
			return err
		}
	}
	for len(g.here) > 0 {
		if err := g.leave(g.here[0]); err != nil {
			return err
		}
	}
	if err := g.visit(1); err != nil {
		return fmt.Errorf("in the end: %w", err)
	}
	if err := g.expectDescriptors(); err != nil {
		return err
	}
	if err := g.server.Stop(); err != nil {
		return err
	}
	if text := g.server.Errors(); text != "" {
		return fmt.Errorf("on standard error: %s", text)
	}
	return g.checkLog()
}

func (g *game) names() logfile.Names {
	names := logfile.Names{Clients: map[int]string{}}
	for _, p := range g.all {
		names.Clients[int(p.addr.Port())] = p.name
	}
	return names
}

// What a client that is there can do, and how often it does.
var choices = []struct {
	weight int
	do     func(*game, *player) error
}{
	{40, (*game).send},
	{2, (*game).pour},
	{12, (*game).await},
	{6, (*game).halfClose},
	{8, (*game).stall},
	{8, (*game).resume},
	{8, (*game).leave},
	{5, (*game).reset},
	{5, (*game).goAway},
	{4, (*game).signal},
	{2, (*game).kill},
}

// act does the next thing.
func (g *game) act() error {
	if len(g.here) == 0 || len(g.here) < g.Clients && g.random.IntN(5) == 0 {
		return g.connect()
	}
	p := g.here[g.random.IntN(len(g.here))]
	total := 0
	for _, c := range choices {
		total += c.weight
	}
	draw := g.random.IntN(total)
	for _, c := range choices {
		if draw < c.weight {
			return c.do(g, p)
		}
		draw -= c.weight
	}
	panic("unreachable")
}

func (g *game) note(format string, args ...any) {
	g.did = append(g.did, fmt.Sprintf(format, args...))
}

func (g *game) lastActions() string {
	const shown = 30
	var b strings.Builder
	first := max(0, len(g.did)-shown)
	for i, action := range g.did[first:] {
		fmt.Fprintf(&b, "  %4d  %s\n", first+i+1, action)
	}
	return b.String()
}

func (g *game) firstError() error {
	for _, p := range g.all {
		if err := p.error(); err != nil {
			return err
		}
	}
	return nil
}

// connect has a client come from an address that no other has, so that the log
// cannot mean another one.
func (g *game) connect() error {
	n := len(g.all) + 1
	g.note("client-%d comes", n)
	dialer := net.Dialer{Timeout: server.Patience}
	if runtime.GOOS == "linux" { // where all of 127.0.0.0/8 is this machine
		dialer.LocalAddr = &net.TCPAddr{IP: net.IPv4(127, 1, byte(n>>8), byte(n))}
	}
	conn, err := dialer.Dial("tcp", g.server.Addr.String())
	if err != nil {
		return fmt.Errorf("client-%d expected to connect, but %w", n, err)
	}
	p := newPlayer(n, conn.(*net.TCPConn), g.seed)
	g.here = append(g.here, p)
	g.all = append(g.all, p)
	return nil
}

// send sends up to 300,000 bytes: small numbers and large ones alike.
func (g *game) send(p *player) error {
	size := 1 + g.random.IntN(min(2<<g.random.IntN(19), 300_000))
	if p.closing {
		return g.await(p)
	}
	g.note("%s sends %d bytes", p.name, size)
	p.send(size)
	return nil
}

// pour stops reading and sends more than all buffers between it and the server
// can hold: the server has to stop reading too, and to keep a part of a message
// until the client goes on. Meanwhile it has time for another.
func (g *game) pour(p *player) error {
	const piece, pieces = 300_000, 20
	if p.closing {
		return g.await(p)
	}
	g.note("%s stops reading, and sends %d times %d bytes", p.name, pieces, piece)
	p.setStalled(true)
	for range pieces {
		p.send(piece)
	}
	if g.Clients == 1 {
		return nil
	}
	return g.visit(100)
}

// visit has another client come, send so many messages, each after the echo of
// the last, and leave.
func (g *game) visit(messages int) error {
	if err := g.connect(); err != nil {
		return err
	}
	p := g.here[len(g.here)-1]
	g.note("%s sends %d messages, one after the echo of the other", p.name, messages)
	for range messages {
		p.send(1000)
		if err := p.wait("an echo", func() bool { return p.received == p.asked }); err != nil {
			return err
		}
	}
	return g.leave(p)
}

// await waits until everything is back. Who has stopped reading goes on first.
func (g *game) await(p *player) error {
	g.note("%s reads until everything is back", p.name)
	p.setStalled(false)
	return p.wait("everything back that it sent", func() bool { return p.lost || p.received == p.asked })
}

func (g *game) halfClose(p *player) error {
	g.note("%s half-closes", p.name)
	p.halfClose()
	return nil
}

func (g *game) stall(p *player) error {
	g.note("%s stops reading", p.name)
	p.setStalled(true)
	return nil
}

func (g *game) resume(p *player) error {
	g.note("%s reads again", p.name)
	p.setStalled(false)
	return nil
}

// leave half-closes and stays until everything is back.
func (g *game) leave(p *player) error {
	g.note("%s leaves", p.name)
	g.forget(p)
	p.halfClose()
	p.setStalled(false)
	err := p.wait("everything back that it sent, and the end of the stream", func() bool { return p.lost || p.ended })
	p.end(false)
	return err
}

func (g *game) reset(p *player) error {
	g.note("%s resets its connection", p.name)
	g.forget(p)
	p.end(true)
	return nil
}

// goAway closes without waiting for an echo. If one comes, or has come unread,
// the kernel answers with a reset.
func (g *game) goAway(p *player) error {
	g.note("%s closes without reading on", p.name)
	g.forget(p)
	p.end(false)
	return nil
}

func (g *game) forget(p *player) {
	g.here = slices.DeleteFunc(g.here, func(other *player) bool { return other == p })
}

// signal sends a process of the server a SIGURG: Go's own signal for
// preemption, which interrupts whatever it waits in.
func (g *game) signal(*player) error {
	pids := g.server.Processes()
	i := g.random.IntN(g.Workers+1) % len(pids)
	g.note("process %d of the server gets SIGURG", i)
	syscall.Kill(pids[i], syscall.SIGURG) // one that has just ended does not matter
	return nil
}

// kill kills a worker process. It is suspended before, so that it is certain
// who its clients are: they lose their connections, and only they.
func (g *game) kill(p *player) error {
	if g.Workers == 0 {
		return g.signal(p)
	}
	name := fmt.Sprintf("Process-%d", 1+g.random.IntN(g.Workers))
	g.note("%s is killed", name)
	w, err := g.running(name)
	if err != nil {
		return err
	}
	if err := procfs.Suspend(w.ID); err != nil {
		return err
	}
	clients, err := g.clientsOf(w.ID)
	if err != nil {
		return err
	}
	g.excuse(clients)
	if err := syscall.Kill(w.ID, syscall.SIGKILL); err != nil {
		return err
	}
	g.killed++
	_, ok := g.server.Wait(func(e logfile.Event) bool {
		return e.Kind == logfile.WorkerState && e.Worker.ID == w.ID && e.Worker.State == "stopped exitcode=-SIGKILL"
	})
	if !ok {
		return fmt.Errorf("the server does not log that %s was killed", name)
	}
	for _, p := range g.all {
		if clients[p.addr] {
			if err := p.wait("to lose its connection with "+name, func() bool { return p.ended }); err != nil {
				return err
			}
		}
	}
	return nil
}

// clientsOf returns the clients that a process of the server serves.
func (g *game) clientsOf(pid int) (map[netip.AddrPort]bool, error) {
	return procfs.ClientsOf(pid, int(g.server.Addr.Port()))
}

// excuse notes who loses its connection with a worker, and whose lines in the
// log may be lost: of those, and of whoever has just gone.
func (g *game) excuse(clients map[netip.AddrPort]bool) {
	events, _ := g.server.Log()
	accounts := logfile.Accounts(events)
	for _, p := range g.all {
		a := accounts[p.addr]
		p.excused = p.excused || clients[p.addr] || p.hasEnded() && (a == nil || a.Closed+a.Lost == 0)
		if clients[p.addr] {
			p.lose()
		}
	}
}

// running waits until the worker called name runs.
func (g *game) running(name string) (logfile.Worker, error) {
	var found logfile.Worker
	ok := eventually(func() bool {
		events, _ := g.server.Log()
		for _, w := range logfile.Running(events) {
			if w.Name == name {
				found = w
				return true
			}
		}
		return false
	})
	if !ok {
		return found, fmt.Errorf("%s does not come back", name)
	}
	return found, nil
}

// eventually asks until the answer is yes, or until that has lasted too long.
// It is for what the kernel tells nobody unasked.
func eventually(ask func() bool) bool {
	deadline, again := time.After(server.Patience), time.NewTicker(5*time.Millisecond)
	defer again.Stop()
	for !ask() {
		select {
		case <-again.C:
		case <-deadline:
			return ask()
		}
	}
	return true
}
