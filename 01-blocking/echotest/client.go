package echotest

import (
	"io"
	"net"
	"net/netip"
	"time"

	"example.com/echo/01-blocking/echotest/procfs"
	"example.com/echo/01-blocking/echotest/server"
)

// A Client is a raw TCP client with a name. Each of its methods either does
// what it says, or ends the scenario with a Failure that tells what the client
// sent, expected and received. A wait ends early when the
// server does nothing.
type Client struct {
	Name string
	Port int // its own; the log shows it
	Conn *net.TCPConn

	// IsVague says that how much the server sends to it differs from run to run.
	IsVague bool

	// IsReading says that somebody reads all the time what comes for it.
	IsReading bool

	stage    *Stage
	sent     []byte
	received []byte
	gone     bool
}

// Fail ends the scenario.
func (c *Client) Fail(expected, came string) { panic(c.failure(expected, came)) }

// failed ends the scenario because of an error of the connection.
func (c *Client) failed(expected string, err error) {
	failure := c.failure(expected, Reason(err))
	failure.isLoss = !isTooLate(err)
	panic(failure)
}

func (c *Client) failure(expected, came string) *Failure {
	return &Failure{Who: c.Name, Expected: expected, Came: came, Sent: c.sent, Received: c.received, isVague: c.IsVague}
}

// past is a deadline that ends a read or a write at once.
var past = time.Unix(1, 0)

// reading lets the client's reads fail when it is vain to wait for what is
// expected. Afterwards it calls done.
func (c *Client) reading(expected string) (done func()) {
	c.Conn.SetReadDeadline(time.Time{})
	patience := c.stage.PatienceFor(c.failure(expected, nothing))
	return c.stage.Server.GiveUp(patience, c.isUnderWay, func() { c.Conn.SetReadDeadline(past) })
}

// Send sends data.
func (c *Client) Send(data string) {
	what := brief([]byte(data))
	expected := "to send " + what
	c.Conn.SetWriteDeadline(time.Time{})
	c.note("sends " + what)
	patience := c.stage.PatienceFor(c.failure(expected, nothing))
	done := c.stage.Server.GiveUp(patience, c.isUnderWay, func() { c.Conn.SetWriteDeadline(past) })
	n, err := io.WriteString(c.Conn, data)
	done()
	c.sent = append(c.sent, data[:n]...)
	if isTooLate(err) {
		c.Fail(expected, "the server does not read it")
	} else if err != nil {
		c.failed(expected, err)
	}
}

// Expect waits until as many bytes as data has have come, and compares them.
func (c *Client) Expect(data string) {
	expected := brief([]byte(data))
	done := c.reading(expected)
	came := make([]byte, len(data))
	n, err := io.ReadFull(c.Conn, came)
	done()
	c.received = append(c.received, came[:n]...)
	if err != nil || string(came) != data {
		failure := c.failure(expected, instead([]byte(data), came[:n], err))
		failure.isLoss = err != nil && !isTooLate(err)
		panic(failure)
	}
	c.note("gets " + expected)
}

// Echo sends data and waits until it is back.
func (c *Client) Echo(data string) {
	c.Send(data)
	c.Expect(data)
}

// CloseWrite ends what the client sends (a FIN); it goes on receiving.
func (c *Client) CloseWrite() {
	c.note("half-closes: it has nothing more to send")
	if err := c.Conn.CloseWrite(); err != nil {
		c.failed("to half-close", err)
	}
}

// ExpectEnd waits until the server has ended what it sends, and nothing else
// comes before that.
func (c *Client) ExpectEnd() {
	const expected = "the end of the stream"
	done := c.reading(expected)
	rest, err := io.ReadAll(c.Conn)
	done()
	c.received = append(c.received, rest...)
	switch {
	case err != nil:
		c.failed(expected, err)
	case len(rest) > 0:
		c.Fail(expected, brief(rest)+" came")
	}
	c.note("gets " + expected)
}

// ExpectLoss waits until the connection is lost, by a reset or by its end.
func (c *Client) ExpectLoss() {
	const expected = "to lose its connection"
	done := c.reading(expected)
	came := make([]byte, 100)
	n, err := c.Conn.Read(came)
	done()
	switch {
	case isTooLate(err):
		c.Fail(expected, "it has not")
	case err == nil:
		c.Fail(expected, brief(came[:n])+" came")
	}
	c.note("loses its connection")
	c.Close()
}

// EchoOrLoss sends data and waits until it is back, or the connection is lost. It
// reports whether the data came back.
func (c *Client) EchoOrLoss(data string) (isBack bool) {
	failure := c.stage.play(func(*Stage) { c.Echo(data) })
	if failure == nil {
		return true
	}
	if !failure.isLoss {
		panic(failure)
	}
	c.Close()
	return false
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
	const expected = "the end of the stream"
	done := c.reading(expected)
	_, err := io.Copy(io.Discard, c.Conn)
	done()
	if err != nil {
		c.failed(expected, err)
	}
}

// Reset ends the connection with a reset instead of a FIN, as a client does
// that crashes with something unread.
func (c *Client) Reset() {
	c.note("resets its connection")
	c.Conn.SetLinger(0)
	c.close()
}

// Close closes the client's socket.
func (c *Client) Close() {
	c.note("closes its socket")
	c.close()
}

func (c *Client) close() {
	c.gone = true
	c.Conn.Close()
}

// AwaitArrival waits until everything that c has sent, and the end of its
// stream, is in the buffers at the server's end. A FIN and the next client's SYN
// can overtake each other.
func (c *Client) AwaitArrival() {
	c.awaitServerEnd("everything that it sent to be at the server's end", procfs.TCPSocket.HasEnd)
}

// awaitReset waits until the reset that c has sent, or gets for an echo after its
// end, has ended the connection.
func (c *Client) awaitReset() {
	c.awaitServerEnd("its connection to be over at the server's end", func(procfs.TCPSocket) bool { return false })
}

// awaitServerEnd waits until the server's end of the connection is as expected, or
// is not there any more.
func (c *Client) awaitServerEnd(expected string, is func(procfs.TCPSocket) bool) {
	deadline, again := time.After(server.Patience), time.NewTicker(time.Millisecond)
	defer again.Stop()
	for {
		if end, ok := c.ServerEnd(); !ok || is(end) {
			return
		}
		select {
		case <-again.C:
		case <-deadline:
			c.Fail(expected, "it is not")
		}
	}
}

// isUnderWay reports whether one of the kernels has sent what the other has not
// confirmed. It is lost, perhaps, as happens on a busy machine even between
// processes, and will be sent again.
func (c *Client) isUnderWay() bool {
	theirs, _ := c.ServerEnd()
	ours, _ := c.ownEnd()
	return theirs.IsUnconfirmed() || ours.IsUnconfirmed()
}

// ServerEnd returns the server's end of the connection. There is none elsewhere
// than on Linux, nor after the server has closed it.
func (c *Client) ServerEnd() (end procfs.TCPSocket, ok bool) {
	own, server := c.addresses()
	return procfs.FindSocket(server, own)
}

// ownEnd returns the client's end of the connection, as ServerEnd the other one.
func (c *Client) ownEnd() (end procfs.TCPSocket, ok bool) {
	own, server := c.addresses()
	return procfs.FindSocket(own, server)
}

func (c *Client) addresses() (own, server netip.AddrPort) {
	return c.Conn.LocalAddr().(*net.TCPAddr).AddrPort(), c.Conn.RemoteAddr().(*net.TCPAddr).AddrPort()
}
