//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"example.com/echo/01-blocking/echotest/logfile"
	"example.com/echo/01-blocking/echotest/server"
	"example.com/echo/docs/repo"
)

// multiplexing are the lessons that serve several clients at the same time.
var multiplexing = repo.Lessons[1:]

// A load is one kind of long run.
type load struct {
	name    string
	lessons []string
	amount  int // of what the run counts in: connections, bytes, milliseconds, ...
	least   int // amount when scaled down
	play    func(*trial, context.Context, int) (string, error)
}

// loads are all long runs. docs/long-runs.md tells what each does.
var loads = []*load{
	{name: "connects", lessons: repo.Lessons, amount: 1_000_000, least: 50, play: connects},
	{name: "bytes", lessons: repo.Lessons, amount: 10_000_000_000, least: 1 << 20, play: manyBytes},
	{name: "signals", lessons: multiplexing, amount: 60_000, least: 100, play: signals},
	{name: "descriptors", lessons: multiplexing, amount: 100, least: 1, play: hunger},
	{name: "kills", lessons: repo.Lessons[4:], amount: 600, least: 1, play: kills},
}

func loadNames() []string {
	var names []string
	for _, l := range loads {
		names = append(names, l.name)
	}
	return names
}

// How much of a load comes first: with the log on, to see that the log is
// whole, and quiet, so that the server has what memory it needs.
const (
	loggedPart  = 200
	warmingPart = 100
)

// longest bounds a trial, whatever happens.
const longest = 20 * time.Minute

// A trial is a load on a lesson.
type trial struct {
	lesson string
	load   *load

	server      *server.Server
	connections atomic.Int64 // made

	mu  sync.Mutex
	cut map[netip.AddrPort]bool // clients of workers that were killed

	did           string
	seconds       float64
	before, after state
	idle          time.Duration
	idleTicks     int
}

// run plays the load: first a small part of it against a server that logs,
// then all of it against a quiet one.
func (t *trial) run(ctx context.Context, programs string, scale float64) error {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	program := filepath.Join(programs, t.lesson)
	part := func(divisor int) int { return max(t.load.least, int(float64(t.load.amount)*scale)/divisor) }
	if err := t.logged(ctx, program, part(loggedPart)); err != nil {
		return fmt.Errorf("with its log on: %w", err)
	}
	server, err := server.StartQuiet(program)
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, server.Kill)()
	defer server.Kill()
	t.server = server
	if _, err := t.load.play(t, ctx, part(warmingPart)); err != nil {
		return fmt.Errorf("while warming up: %w", t.cause(ctx, err))
	}
	pause := min(time.Second, max(100*time.Millisecond, time.Duration(scale*float64(time.Second))))
	t.before = settled(ctx, server, pause)
	begun := time.Now()
	t.did, err = t.load.play(t, ctx, part(1))
	if err != nil {
		return t.cause(ctx, err)
	}
	t.seconds = time.Since(begun).Seconds()
	t.after = settled(ctx, server, pause)
	t.idle = 3 * pause
	if err := wait(ctx, t.idle); err != nil {
		return err
	}
	t.idleTicks = measure(server).ticks - t.after.ticks
	return errors.Join(t.verdict(), server.Stop())
}

// cause prefers to what a client saw why it did: the end of everything.
func (t *trial) cause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// logged plays against a server that logs, and checks the log.
func (t *trial) logged(ctx context.Context, program string, amount int) error {
	server, err := server.Start(program)
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, server.Kill)()
	defer server.Kill()
	t.server, t.cut = server, map[netip.AddrPort]bool{}
	t.connections.Store(0)
	if _, err := t.load.play(t, ctx, amount); err != nil {
		return t.cause(ctx, err)
	}
	gone, came := 0, int(t.connections.Load())-len(t.cut)
	server.Wait(func(e logfile.Event) bool { // lesson 1 just ends, whoever is still to be served
		if e.Kind == logfile.ClientClosed || e.Kind == logfile.ClientLost {
			gone++
		}
		return gone >= came
	})
	if err := server.Stop(); err != nil {
		return err
	}
	events, err := server.Log()
	if err != nil {
		return err
	}
	created := 0
	for addr, a := range logfile.Accounts(events) {
		created += a.Created
		if a.Created != a.Closed+a.Lost && !t.cut[addr] {
			return fmt.Errorf("the log has %d times that %v came, and %d times that it left", a.Created, addr, a.Closed+a.Lost)
		}
	}
	if made := int(t.connections.Load()); created > made || created < made-len(t.cut) {
		return fmt.Errorf("the log has %d connections, but %d were made", created, made)
	}
	return nil
}

// memoryBound is by how much a server's memory may grow, in KiB for each of its
// processes: more than a garbage collector's moods, less than anything kept for
// every connection or message.
const memoryBound = 8 << 10

// verdict says what is not as it was.
func (t *trial) verdict() error {
	var wrong []error
	if t.before.descriptors != t.after.descriptors {
		wrong = append(wrong, fmt.Errorf("%d descriptors were open before, and are %d after", t.before.descriptors, t.after.descriptors))
	}
	if grown := t.after.memory - t.before.memory; grown > memoryBound*t.after.processes {
		wrong = append(wrong, fmt.Errorf("memory grew from %d to %d KiB", t.before.memory, t.after.memory))
	}
	if t.idleTicks > 0 {
		wrong = append(wrong, fmt.Errorf("idle for %v, it used %d ticks of processor time", t.idle, t.idleTicks))
	}
	return errors.Join(wrong...)
}

// random returns a source of randomness that is the i-th client's own.
func (t *trial) random(i int) *rand.Rand {
	return rand.New(rand.NewPCG(uint64(t.load.amount), uint64(i)))
}

// together calls do n times at the same time, and returns the first error; the
// others' context ends with it.
func together(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	errs := make(chan error, n)
	for i := range n {
		go func() { errs <- do(ctx, i) }()
	}
	var first error
	for range n {
		if err := <-errs; err != nil && first == nil {
			first = err
			cancel()
		}
	}
	return first
}

// wait lets time pass.
func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
