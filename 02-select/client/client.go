// Package client holds what a loop does with one client, apart from how the
// loop waits: accept it, receive its message, send the message back.
//
// Nothing here ever waits. Each of these says what the client waits for next,
// and the loop waits for that, whatever system call it does so with.
package client

import (
	"example.com/echo/01-blocking/sock"
	"golang.org/x/sys/unix"
)

// Wants says what a client waits for.
type Wants int

const (
	Gone   Wants = iota // nothing: it is to be taken out of all sets, and closed
	Reader              // a message from it
	Writer              // room to send it the rest of its message
)

// A Client is one accepted client and its saved message. While the message is
// not wholly sent nothing more is read from the client: its next ones stay in
// the kernel's buffers, then in the client's own, and then the client has to
// wait. That is all there is to back-pressure.
//
// The loop closes it, after it has taken it out of its sets.
type Client struct {
	*sock.Socket
	server *Server

	message []byte // nil while nothing is owed; its memory is the client's alone
	sent    int    // how many bytes of message the kernel has taken
	silent  bool   // we have told it that nothing more will come
}

// Owes says whether a message is saved that is not wholly sent.
func (c *Client) Owes() bool { return c.message != nil }

// Receive reads once and saves what came as the client's message, for which it
// must have none. It is bounded: a client that sends and sends gets the same
// share of a turn as everybody else.
func (c *Client) Receive() Wants {
	buffer := c.server.takeBuffer()
	n, err := c.TryRead(buffer)
	if n > 0 && !c.silent {
		c.message, c.sent = buffer[:n], 0
		return Writer
	}
	c.server.returnBuffer(buffer)
	switch {
	case err == unix.EAGAIN: // the readiness was not true, or is another worker's by now
		return c.paused()
	case err != nil:
		return c.lost(err)
	case n == 0:
		c.server.log.ClientClosed(c.String())
		return Gone
	}
	return Reader // we are silent and only wait for it to end
}

// Send writes once, as much of the saved message as the kernel takes. What it
// does not take stays saved.
func (c *Client) Send() Wants {
	n, err := c.TryWrite(c.message[c.sent:])
	if err == unix.EAGAIN {
		return Writer
	}
	if err != nil {
		return c.lost(err)
	}
	c.sent += n
	if c.sent < len(c.message) {
		return Writer
	}
	c.server.log.DataSent(c.message, c.String())
	c.forgetMessage()
	if c.server.leaving {
		return c.Receive()
	}
	return Reader
}

// Leave is for a server that stops: the client still gets everything that it
// sent until it pauses, then the end of the stream; it is Gone when it has
// ended its own stream.
//
// Closing at once would not do. If something unread is in the socket, close
// sends a reset, and that destroys what the client has not yet read of our
// last messages. Source: RFC 1122, 4.2.2.13.
func (c *Client) Leave() Wants {
	if c.Owes() {
		return Writer
	}
	return c.Receive()
}

// paused says that the client has sent nothing more for now.
func (c *Client) paused() Wants {
	if c.server.leaving && !c.silent {
		c.silent = true
		c.ShutdownWrite() // if there is no peer any more, the next read says so
	}
	return Reader
}

// Refuse closes a client that the loop cannot watch, and logs why.
func (c *Client) Refuse(why error) {
	c.lost(why)
	c.Close()
}

func (c *Client) lost(err error) Wants {
	c.server.log.ClientLost(c.String(), err)
	c.forgetMessage()
	return Gone
}

func (c *Client) forgetMessage() {
	if c.Owes() {
		c.server.returnBuffer(c.message)
		c.message = nil
	}
}

// Close closes the client's socket. To be called once, when it is Gone and in
// no set any more.
func (c *Client) Close() {
	c.server.forget(c.FD())
	c.Socket.Close()
}
