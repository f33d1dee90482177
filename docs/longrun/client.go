//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"syscall"
	"time"

	"example.com/echo/01-blocking/echotest/server"
	"golang.org/x/sys/unix"
)

// A client is a connection to the server.
type client struct {
	*net.TCPConn
	addr   netip.AddrPort // its own
	random *rand.Rand

	length        int // of the message that was sent last
	message, echo [maxMessage]byte
}

// maxMessage is the longest message of a client that waits for each echo.
const maxMessage = 4096

// sources is how many source addresses there are: a port that was closed first
// by the client can be used again only after a while, and there are 28,000.
const sources = 64

// connect makes the i-th client. With IP_BIND_ADDRESS_NO_PORT the kernel picks
// a port that is free for this server, and not one that is free for all.
// Source: ip(7).
func (t *trial) connect(ctx context.Context, i int, random *rand.Rand) (*client, error) {
	dialer := net.Dialer{
		Timeout:   server.Patience,
		KeepAlive: -1,
		LocalAddr: net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, byte(2 + i%sources)}), 0)),
		Control: func(_, _ string, conn syscall.RawConn) error {
			var failed error
			err := conn.Control(func(fd uintptr) {
				failed = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_BIND_ADDRESS_NO_PORT, 1)
			})
			if err != nil {
				return err
			}
			return failed
		},
	}
	conn, err := dialer.DialContext(ctx, "tcp", t.server.Addr.String())
	if err != nil {
		return nil, err
	}
	t.connections.Add(1)
	addr := conn.LocalAddr().(*net.TCPAddr).AddrPort()
	return &client{
		TCPConn: conn.(*net.TCPConn),
		addr:    netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port()),
		random:  random,
	}, nil
}

// exchange sends a message of 1 to most random bytes, and compares its echo.
func (c *client) exchange(most int) error {
	if err := c.send(1 + c.random.IntN(most)); err != nil {
		return err
	}
	return c.expect()
}

// send sends a message of n random bytes.
func (c *client) send(n int) error {
	c.SetDeadline(time.Now().Add(server.Patience))
	c.length = n
	fill(c.message[:(n+7)&^7], c.random)
	_, err := c.Write(c.message[:n])
	return err
}

// expect waits for the echo of what send sent.
func (c *client) expect() error {
	echo := c.echo[:c.length]
	if _, err := io.ReadFull(c, echo); err != nil {
		return err
	}
	return compare(c.message[:c.length], echo, 0)
}

// leave says that nothing more will come, and waits until the server says the
// same.
func (c *client) leave() error {
	if err := c.CloseWrite(); err != nil {
		return err
	}
	return c.expectEnd()
}

// expectEnd waits for the end of the stream, and closes.
func (c *client) expectEnd() error {
	defer c.Close()
	c.SetDeadline(time.Now().Add(server.Patience))
	if n, err := c.Read(c.echo[:]); err != io.EOF {
		return fmt.Errorf("expected the end of the stream, but %d bytes and %v came", n, err)
	}
	return nil
}

// fill fills p, whose length is a multiple of 8, with random bytes.
func fill(p []byte, random *rand.Rand) {
	for ; len(p) >= 8; p = p[8:] {
		binary.LittleEndian.PutUint64(p, random.Uint64())
	}
}

// compare compares what was sent from offset at on with what came.
func compare(sent, came []byte, at int) error {
	if bytes.Equal(sent, came) {
		return nil
	}
	for i := range sent {
		if sent[i] != came[i] {
			return fmt.Errorf("byte %d was sent as %#02x and came as %#02x", at+i, sent[i], came[i])
		}
	}
	return nil
}
