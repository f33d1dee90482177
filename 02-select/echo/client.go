package echo

import (
	"example.com/echo/01-blocking/sock"
	"golang.org/x/sys/unix"
)

// An Interest is what a loop watches a descriptor for.
type Interest int

const (
	None   Interest = iota // not watched
	Reader                 // ready when there is something to read
	Writer                 // ready when there is room to write
)

// A Client is one accepted client and its saved message. While a part of the
// message is unsent nothing more is read from the client: its next messages
// stay in the kernel's buffers, then in the client's own, and then the client
// has to wait. That is back-pressure.
type Client struct {
	*sock.Socket
	interest Interest

	message []byte // nil while nothing is owed; its memory is the client's alone
	sent    int    // how many bytes of message the kernel has taken
	silent  bool   // we have told it that nothing more will come
}

// receive reads once, saves what came as the client's message, and returns what
// to watch the client for. The client must not have a message yet.
//
// One read is at most one buffer: a client that sends without pause gets the
// same share of a turn as everybody else.
func (s *Server) receive(c *Client) Interest {
	buffer := s.spare.take()
	n, err := readNow(c.FD(), buffer)
	if n > 0 && !c.silent {
		c.message, c.sent = buffer[:n], 0
		return Writer
	}
	s.spare.put(buffer)
	switch {
	case isFalseAlarm(err):
		return s.paused(c)
	case err != nil:
		s.log.ClientLost(c.String(), err)
		return None
	case n == 0: // end of stream, and never a message
		s.log.ClientClosed(c.String())
		return None
	}
	return Reader // we are silent, and only wait for the end of the stream
}

// send writes once, as much of the saved message as the kernel takes, and
// returns what to watch the client for. What the kernel does not take stays
// saved.
func (s *Server) send(c *Client) Interest {
	n, err := writeNow(c.FD(), c.message[c.sent:])
	if isFalseAlarm(err) {
		return Writer
	}
	if err != nil {
		s.log.ClientLost(c.String(), err)
		return None
	}
	c.sent += n
	if c.sent < len(c.message) {
		return Writer
	}
	s.log.DataSent(c.message, c.String())
	s.forgetMessage(c)
	if s.leaving {
		return s.receive(c)
	}
	return Reader
}

// isFalseAlarm says that a call found nothing to do, though the wait reported
// the descriptor as ready.
func isFalseAlarm(err error) bool { return err == unix.EAGAIN || err == unix.EINTR }

// leave begins the end of a client when the server stops, and returns what to
// watch the client for. The client still gets everything that it sent until it
// pauses, then the end of the stream. When it has ended its own stream, it is
// closed.
//
// Closing at once would lose data: if something unread is in the socket, close
// sends a reset, and throws away what the kernel has not sent yet of our last
// messages. Source: RFC 9293, 3.6.1.
func (s *Server) leave(c *Client) Interest {
	if c.message != nil {
		return Writer
	}
	return s.receive(c)
}

// paused is called when a client has sent nothing more for now.
func (s *Server) paused(c *Client) Interest {
	if s.leaving && !c.silent {
		c.silent = true
		unix.Shutdown(c.FD(), unix.SHUT_WR) // without a peer this fails, and so does the next read
	}
	return Reader
}

func (s *Server) forgetMessage(c *Client) {
	if c.message != nil {
		s.spare.put(c.message)
		c.message = nil
	}
}
