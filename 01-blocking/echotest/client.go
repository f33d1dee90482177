package echotest

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

// A Client is a raw TCP client with a name. Each of its methods either does
// what it says, or ends the scenario with a Failure that tells what the client
// sent, expected and received. Every wait is under a deadline.
type Client struct {
	Name string
	Port int // its own; the log shows it

	conn     *net.TCPConn
	patience time.Duration
	sent     []byte
	received []byte
	stuck    bool // it sent until nothing more went
	gone     bool
	fate     *fate // see Stage
	server   *Server
}

func (c *Client) fail(expected, came string) {
	panic(c.failure(expected, came))
}

func (c *Client) failure(expected, came string) *Failure {
	return &Failure{Who: c.Name, Expected: expected, Came: came, Sent: c.sent, Received: c.received}
}

// patienceFor returns how long to wait for what is expected next.
func (c *Client) patienceFor(expected string) time.Duration {
	return c.fate.patience(c.failure(expected, tooLate), c.patience)
}

// Send sends data.
func (c *Client) Send(data string) {
	c.conn.SetWriteDeadline(time.Now().Add(c.patience))
	n, err := io.WriteString(c.conn, data)
	c.sent = append(c.sent, data[:n]...)
	if err != nil {
		c.fail("to send "+brief([]byte(data)), reason(err))
	}
}

// Expect waits until as many bytes as data has have come, and compares them.
func (c *Client) Expect(data string) {
	c.conn.SetReadDeadline(time.Now().Add(c.patienceFor(brief([]byte(data)))))
	came := make([]byte, len(data))
	n, err := io.ReadFull(c.conn, came)
	c.received = append(c.received, came[:n]...)
	switch {
	case err != nil:
		c.fail(brief([]byte(data)), reason(err))
	case string(came) != data:
		c.fail(brief([]byte(data)), brief(came)+" came")
	}
}

// Echo sends data and waits until it is back.
func (c *Client) Echo(data string) {
	c.Send(data)
	c.Expect(data)
}

// CloseWrite ends what the client sends (a FIN); it goes on receiving.
func (c *Client) CloseWrite() {
	if err := c.conn.CloseWrite(); err != nil {
		c.fail("to half-close", reason(err))
	}
}

// ExpectEnd waits until the server has ended what it sends, and nothing else
// comes before that.
func (c *Client) ExpectEnd() {
	c.conn.SetReadDeadline(time.Now().Add(c.patienceFor("the end of the stream")))
	rest, err := io.ReadAll(c.conn)
	c.received = append(c.received, rest...)
	switch {
	case err != nil:
		c.fail("the end of the stream", reason(err))
	case len(rest) > 0:
		c.fail("the end of the stream", brief(rest)+" came")
	}
}

// Leave half-closes, waits for the end of the stream, and closes. The server
// has seen it go then.
func (c *Client) Leave() {
	c.CloseWrite()
	c.ExpectEnd()
	c.Close()
}

// drain reads whatever comes until the end of the stream.
func (c *Client) drain() {
	c.conn.SetReadDeadline(time.Now().Add(c.patienceFor("the end of the stream")))
	if _, err := io.Copy(io.Discard, c.conn); err != nil {
		c.fail("the end of the stream", reason(err))
	}
}

// Reset ends the connection with a reset instead of a FIN, as a client does
// that crashes with something unread.
func (c *Client) Reset() {
	c.conn.SetLinger(0)
	c.Close()
}

// Close closes the client's socket.
func (c *Client) Close() {
	c.gone = true
	c.conn.Close()
}

// SendUntilStuck sends, and never reads, until nothing more goes: every buffer
// between here and the server's loop is full, and the server has stopped
// reading.
func (c *Client) SendUntilStuck() {
	c.sendUntilStuck(func([]byte) {})
}

// sendUntilStuck sends what next fills in, and returns how many bytes went. That
// nothing more goes cannot be seen from here: it is taken from a write that does
// not end in half a second, in which the server did nothing either.
func (c *Client) sendUntilStuck(next func(chunk []byte)) (sent int) {
	const pause, pauses = 500 * time.Millisecond, 6
	c.stuck = true
	chunk, tries := make([]byte, 64<<10), 0
	for rest := chunk[:0]; sent < 256<<20; {
		if len(rest) == 0 {
			next(chunk)
			rest = chunk
		}
		logged := c.server.log.count()
		c.conn.SetWriteDeadline(time.Now().Add(pause))
		n, err := c.conn.Write(rest)
		sent, rest = sent+n, rest[n:]
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			isIdle := n == 0 && c.server.log.count() == logged && !c.server.wantsProcessor()
			if tries++; isIdle || tries == pauses {
				return sent
			}
		case err != nil:
			c.fail("the server to stop reading", reason(err))
		}
	}
	c.fail("the server to stop reading from a client that never reads", "it took 256 MiB")
	panic("unreachable")
}

// StreamThrough sends size bytes, reads them back at the same time, and
// compares every one.
func (c *Client) StreamThrough(size int) {
	wrote := make(chan error, 1)
	go func() {
		_, err := io.CopyN(c.conn, &stream{}, int64(size))
		if err == nil {
			err = c.conn.CloseWrite()
		}
		wrote <- err
	}()
	expected, came := &stream{}, make([]byte, 64<<10)
	want := make([]byte, len(came))
	at := 0
	for at < size {
		c.conn.SetReadDeadline(time.Now().Add(c.patience))
		n, err := c.conn.Read(came)
		expected.Read(want[:n])
		if i := firstDifference(came[:n], want[:n]); i >= 0 {
			c.fail(fmt.Sprintf("its stream back, byte for byte: at offset %d %s", at+i, brief(want[i:min(n, i+40)])),
				brief(came[i:min(n, i+40)])+" came")
		}
		at += n
		if err != nil {
			c.fail(fmt.Sprintf("its stream of %d bytes back", size), fmt.Sprintf("%s after %d bytes", reason(err), at))
		}
	}
	if err := <-wrote; err != nil {
		c.fail("to send its stream", reason(err))
	}
	c.ExpectEnd()
	c.Close()
}

// reason says what happened to a connection, without the addresses, which are
// other ones in every run.
func reason(err error) string {
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return tooLate
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the stream ended"
	case errors.Is(err, syscall.ECONNRESET):
		return "the connection was reset"
	case errors.Is(err, syscall.EPIPE):
		return "the connection was closed"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the connection was refused"
	}
	if timeout := net.Error(nil); errors.As(err, &timeout) && timeout.Timeout() { // of a connect
		return tooLate
	}
	return err.Error()
}

const tooLate = "nothing came within the deadline"
