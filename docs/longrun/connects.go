//go:build linux

package main

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/dustin/go-humanize"
)

// The ways to come and go, in turn.
var visits = []struct {
	name  string
	visit func(*client) error
}{
	{"closed", func(c *client) error {
		if err := c.exchange(200); err != nil {
			return err
		}
		return c.Close()
	}},
	{"reset", func(c *client) error {
		if err := c.exchange(200); err != nil {
			return err
		}
		return reset(c)
	}},
	{"half-closed", func(c *client) error {
		if err := c.send(1 + c.random.IntN(200)); err != nil {
			return err
		}
		if err := c.CloseWrite(); err != nil {
			return err
		}
		if err := c.expect(); err != nil {
			return err
		}
		return c.expectEnd()
	}},
	{"closed without a word", func(c *client) error { return c.Close() }},
	{"reset without a word", reset},
	{"closed without reading", func(c *client) error {
		if err := c.send(1 + c.random.IntN(200)); err != nil {
			return err
		}
		return c.Close()
	}},
}

func reset(c *client) error {
	c.SetLinger(0)
	return c.Close()
}

// connects has n clients come and go.
func connects(t *trial, ctx context.Context, n int) (string, error) {
	const atOnce = 16
	var next atomic.Int64
	err := together(ctx, atOnce, func(ctx context.Context, worker int) error {
		random := t.random(worker)
		for ctx.Err() == nil {
			i := int(next.Add(1)) - 1
			if i >= n {
				return nil
			}
			c, err := t.connect(ctx, i, random)
			if err != nil {
				return err
			}
			way := visits[i%len(visits)]
			if err := way.visit(c); err != nil {
				return fmt.Errorf("a client that is to be %s: %w", way.name, err)
			}
		}
		return context.Cause(ctx)
	})
	return fmt.Sprintf("%s connections", humanize.Comma(int64(n))), err
}
