package echotest

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
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

// makeRoom has so much echoed that the kernel takes c for a client that has much
// to say: from then on it keeps megabytes for the server that the server has
// not read yet.
func (c *Client) makeRoom() {
	c.fixReceiveBuffer()
	for range 10 {
		c.Echo(strings.Repeat("much to say ", 80_000))
	}
}

// fixReceiveBuffer has the receive buffer stay as large as that of a new
// connection is. Otherwise the kernel lets it grow even while nobody reads.
func (c *Client) fixReceiveBuffer() {
	c.conn.SetReadBuffer(64 << 10) // Linux doubles it: socket(7)
}

// sendUntilStuck sends what next fills in, and returns how many bytes went. A
// write of the server's that waits goes on when a third of the buffer is free,
// but looks again at whatever wakes it: so it is woken once.
func (c *Client) sendUntilStuck(next func(chunk []byte)) (sent int) {
	const pause, pauses = 100 * time.Millisecond, 30
	c.stuck = true
	c.fixReceiveBuffer()
	chunk, tries, isWoken := make([]byte, 64<<10), 0, false
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
			isIdle := n == 0 && c.server.log.count() == logged && c.isLeftUnread()
			if tries++; isIdle && isWoken || tries == pauses { // one that spins is never idle
				return sent
			}
			if isIdle {
				c.server.interrupt()
			}
			isWoken = isIdle
		case err != nil:
			c.fail("the server to stop reading", reason(err))
		}
	}
	c.fail("the server to stop reading from a client that never reads", "it took 256 MiB")
	panic("unreachable")
}

// isLeftUnread says whether the server does nothing although there is something
// of the client's that it could read.
func (c *Client) isLeftUnread() bool {
	if c.server.wantsProcessor() {
		return false
	}
	n := c.connection()
	return n.hasUnread() || !n.isKnown
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
