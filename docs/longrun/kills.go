//go:build linux

package main

import (
	"context"
	"fmt"
	"net/netip"
	"sync/atomic"
	"syscall"
	"time"

	"example.com/echo/01-blocking/echotest/procfs"
	"example.com/echo/01-blocking/echotest/server"
	"github.com/dustin/go-humanize"
)

// kills kills a worker every half second, n times.
func kills(t *trial, ctx context.Context, n int) (string, error) {
	const clients, workers = 32, 4
	t.mu.Lock()
	t.cut = map[netip.AddrPort]bool{}
	t.mu.Unlock()
	over, done := context.WithCancel(ctx)
	defer done()
	var echoes, losses atomic.Int64
	err := together(ctx, clients+1, func(ctx context.Context, i int) error {
		if i < clients {
			return t.stay(ctx, over, i, &echoes, &losses)
		}
		defer done()
		each := time.NewTicker(500 * time.Millisecond)
		defer each.Stop()
		for kill := range n {
			if err := t.killOne(ctx, workers, kill%workers); err != nil {
				return err
			}
			select {
			case <-each.C:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		_, err := t.workers(ctx, workers)
		return err
	})
	did := fmt.Sprintf("%d kills, %s connections lost with them, %s echoes",
		n, humanize.Comma(losses.Load()), humanize.Comma(echoes.Load()))
	return did, err
}

// stay keeps a client echoing, a hundred times a second, until over ends. It may
// lose its connection only if its worker was killed, and comes back then.
func (t *trial) stay(ctx, over context.Context, i int, echoes, losses *atomic.Int64) error {
	random := t.random(i)
	each := time.NewTicker(10 * time.Millisecond)
	defer each.Stop()
	for {
		c, err := t.connect(ctx, i, random)
		if err != nil {
			return err
		}
		for err == nil && over.Err() == nil && ctx.Err() == nil {
			if err = c.exchange(1000); err == nil {
				echoes.Add(1)
				<-each.C
			}
		}
		if err == nil {
			err = c.leave()
		}
		c.Close()
		t.mu.Lock()
		cut := t.cut[c.addr]
		t.mu.Unlock()
		switch {
		case err == nil:
			return nil
		case !cut:
			return fmt.Errorf("a client whose worker was not killed: %w", err)
		case over.Err() != nil:
			return nil
		}
		losses.Add(1)
	}
}

// killOne kills the i-th worker, when all are there. It is suspended before, so
// that it is certain who its clients are.
func (t *trial) killOne(ctx context.Context, all, i int) error {
	pids, err := t.workers(ctx, all)
	if err != nil {
		return err
	}
	if err := procfs.Suspend(pids[i]); err != nil {
		return err
	}
	clients, err := procfs.ClientsOf(pids[i], int(t.server.Addr.Port()))
	if err != nil {
		return err
	}
	t.mu.Lock()
	for addr := range clients {
		t.cut[addr] = true
	}
	t.mu.Unlock()
	return syscall.Kill(pids[i], syscall.SIGKILL)
}

// workers waits until there are so many worker processes, and returns them.
func (t *trial) workers(ctx context.Context, all int) ([]int, error) {
	deadline, again := time.Now().Add(server.Patience), 10*time.Millisecond
	for {
		pids := t.server.Processes()[1:]
		if len(pids) == all {
			return pids, nil
		}
		if time.Now().After(deadline) {
			return nil, fmt.Errorf("there are %d workers instead of %d", len(pids), all)
		}
		if err := wait(ctx, again); err != nil {
			return nil, err
		}
	}
}
