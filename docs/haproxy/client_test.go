package haproxy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"sync/atomic"
	"testing"
	"time"
)

// A client is a raw TCP client of the balancer.
type client struct {
	t    *testing.T
	name string
	conn *net.TCPConn
}

// connect returns a client that is served: its first message is back.
func (b *balancer) connect(name string) *client {
	b.t.Helper()
	conn, err := net.DialTimeout("tcp", b.addr, patience)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { conn.Close() })
	c := &client{b.t, name, conn.(*net.TCPConn)}
	c.echo(name + " is here")
	return c
}

// echo sends a message and waits until it is back.
func (c *client) echo(message string) {
	c.t.Helper()
	c.send(message)
	c.expect(message)
}

func (c *client) send(message string) {
	c.t.Helper()
	c.conn.SetDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(c.conn, message); err != nil {
		c.t.Fatalf("%s: %v", c.name, err)
	}
}

func (c *client) expect(message string) {
	c.t.Helper()
	came := make([]byte, len(message))
	if n, err := io.ReadFull(c.conn, came); err != nil || string(came) != message {
		c.t.Fatalf("%s: expected %q, but %q came, and %v", c.name, message, came[:n], err)
	}
}

// expectEnd waits until the connection is over, by a reset or an end of stream.
func (c *client) expectEnd() {
	c.t.Helper()
	c.conn.SetDeadline(time.Now().Add(patience))
	var timeout net.Error
	n, err := c.conn.Read(make([]byte, 1))
	if n > 0 || errors.As(err, &timeout) && timeout.Timeout() {
		c.t.Fatalf("%s: expected the end of the connection, but %d bytes came, and %v", c.name, n, err)
	}
}

// A stream is a client that sends without pause, and compares every byte that
// comes back, until it is told to finish.
type stream struct {
	*client
	isLast atomic.Bool
	sent   chan int64 // how many bytes it has sent, at the end
	back   chan int64 // how many have come back so far; closed at the end
	end    error      // why no more came; set before back is closed
}

// stream begins a stream.
func (c *client) stream() *stream {
	s := &stream{client: c, sent: make(chan int64, 1), back: make(chan int64)}
	c.conn.SetDeadline(time.Time{}) // each read and write has one of its own
	var seed [32]byte
	copy(seed[:], c.name)
	go s.write(rand.NewChaCha8(seed))
	go s.read(rand.NewChaCha8(seed))
	return s
}

const chunk = 16 << 10 // bytes that are sent at once

func (s *stream) write(bytes *rand.ChaCha8) {
	message, sent := make([]byte, chunk), int64(0)
	for !s.isLast.Load() {
		bytes.Read(message)
		s.conn.SetWriteDeadline(time.Now().Add(patience))
		n, err := s.conn.Write(message)
		sent += int64(n)
		if err != nil {
			break
		}
	}
	s.conn.CloseWrite()
	s.sent <- sent
}

func (s *stream) read(expected *rand.ChaCha8) {
	defer close(s.back)
	message, came := make([]byte, chunk), int64(0)
	for s.end == nil {
		var n int
		s.conn.SetReadDeadline(time.Now().Add(patience))
		n, s.end = s.conn.Read(message)
		wanted := make([]byte, n)
		expected.Read(wanted)
		if !bytes.Equal(message[:n], wanted) {
			s.end = fmt.Errorf("wrong bytes came back, from %d on", came)
			return
		}
		came += int64(n)
		if s.end != nil {
			s.back <- came
			return
		}
		select {
		case s.back <- came:
		default: // nobody waits
		}
	}
}

// goesOn waits until another MiB has come back.
func (s *stream) goesOn() {
	s.t.Helper()
	first := <-s.back
	for came := range s.back {
		if came-first >= 1<<20 {
			return
		}
	}
	s.t.Fatalf("%s: expected the stream to go on, but it ended with %v", s.name, s.end)
}

// finish ends the stream. All that was sent must come back.
func (s *stream) finish() {
	s.t.Helper()
	s.isLast.Store(true)
	var came int64
	for came = range s.back {
	}
	if sent := <-s.sent; came != sent || s.end != io.EOF {
		s.t.Fatalf("%s: expected %d bytes and the end of the stream, but %d bytes came, and %v", s.name, sent, came, s.end)
	}
	s.t.Logf("%s: all of %d bytes came back", s.name, came)
}
