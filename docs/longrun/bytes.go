//go:build linux

package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"example.com/echo/01-blocking/echotest/server"
	"example.com/echo/docs/repo"
	"github.com/dustin/go-humanize"
)

// piece is how many bytes a stream is made and compared in.
const piece = 256 << 10

// manyBytes sends n bytes through a few connections at the same time.
func manyBytes(t *trial, ctx context.Context, n int) (string, error) {
	clients := 8
	if t.lesson == repo.Lessons[0] {
		clients = 1
	}
	pieces := (n + clients*piece - 1) / (clients * piece) // rounded up
	err := together(ctx, clients, func(ctx context.Context, i int) error {
		c, err := t.connect(ctx, i, nil)
		if err != nil {
			return err
		}
		defer c.Close()
		stop := context.AfterFunc(ctx, func() { c.Close() })
		defer stop()
		// Two sources with one seed: what is sent need not be kept for comparing.
		err = together(ctx, 2, func(_ context.Context, way int) error {
			if way == 0 {
				return c.sendStream(t.random(i), pieces)
			}
			return c.expectStream(t.random(i), pieces)
		})
		if err != nil {
			return err
		}
		return c.leave()
	})
	return fmt.Sprintf("%s bytes", humanize.Comma(int64(clients*pieces*piece))), err
}

func (c *client) sendStream(random *rand.Rand, pieces int) error {
	buffer := make([]byte, piece)
	for range pieces {
		fill(buffer, random)
		c.SetWriteDeadline(time.Now().Add(server.Patience))
		if _, err := c.Write(buffer); err != nil {
			c.Close() // nothing more is to be expected
			return err
		}
	}
	return nil
}

func (c *client) expectStream(random *rand.Rand, pieces int) error {
	want, came := make([]byte, piece), make([]byte, piece)
	for i := range pieces {
		fill(want, random)
		c.SetReadDeadline(time.Now().Add(server.Patience))
		if _, err := io.ReadFull(c, came); err != nil {
			c.Close()
			return err
		}
		if err := compare(want, came, i*piece); err != nil {
			c.Close()
			return err
		}
	}
	return nil
}
