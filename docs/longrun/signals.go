//go:build linux

package main

import (
	"context"
	"fmt"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/dustin/go-humanize"
)

// signals sends SIGURG, which is Go's own for preemption and harmless to
// others, to all processes of the server for so many milliseconds.
func signals(t *trial, ctx context.Context, milliseconds int) (string, error) {
	const clients = 8
	var echoes, sent atomic.Int64
	shaken, done := context.WithTimeout(ctx, time.Duration(milliseconds)*time.Millisecond)
	defer done()
	err := together(ctx, clients+1, func(ctx context.Context, i int) error {
		if i == clients {
			sent.Store(int64(t.shake(shaken)))
			return nil
		}
		err := t.chat(ctx, shaken, i, &echoes)
		if err != nil {
			done()
		}
		return err
	})
	did := fmt.Sprintf("%s signals, %s echoes", humanize.Comma(sent.Load()), humanize.Comma(echoes.Load()))
	return did, err
}

// chat has a client send messages, each after the echo of the last, until over
// ends.
func (t *trial) chat(ctx, over context.Context, i int, echoes *atomic.Int64) error {
	c, err := t.connect(ctx, i, t.random(i))
	if err != nil {
		return err
	}
	defer c.Close()
	for over.Err() == nil && ctx.Err() == nil {
		if err := c.exchange(maxMessage); err != nil {
			return err
		}
		echoes.Add(1)
	}
	return c.leave()
}

// shake sends a signal to every process of the server each millisecond until
// ctx ends, and returns how many it sent.
func (t *trial) shake(ctx context.Context) int {
	pids, sent := t.server.Processes(), 0
	each := time.NewTicker(time.Millisecond)
	defer each.Stop()
	for {
		select {
		case <-ctx.Done():
			return sent
		case <-each.C:
		}
		for _, pid := range pids {
			if syscall.Kill(pid, syscall.SIGURG) == nil {
				sent++
			}
		}
	}
}
