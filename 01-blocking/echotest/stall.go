package echotest

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"example.com/echo/01-blocking/echotest/procfs"
	"example.com/echo/01-blocking/echotest/stream"
)

// SendUntilStuck sends, and never reads, until nothing more goes: every buffer
// between here and the server's loop is full, and the server has stopped
// reading.
func (c *Client) SendUntilStuck() {
	c.sendUntilStuck(func([]byte) {})
}

// MakeRoom has so much echoed that the kernel takes c for a client that has much
// to say: from then on it keeps more for the server that the server has not read
// yet. How much more depends on how the server reads; see Room.
func (c *Client) MakeRoom() {
	c.fixReceiveBuffer()
	for range 10 {
		c.Echo(strings.Repeat("much to say ", 80_000))
	}
}

// Room returns how many bytes c can send, and the end of its stream, that the
// kernel keeps for the server until the server reads: most, or fewer.
func (c *Client) Room(most int) int {
	const end = 4096 // a FIN needs room too, which is counted roughly
	return min(most, procfs.Window(c.Conn, most+end)-end)
}

// fixReceiveBuffer has the receive buffer stay as large as that of a new
// connection is. Otherwise the kernel lets it grow even while nobody reads.
func (c *Client) fixReceiveBuffer() {
	c.Conn.SetReadBuffer(64 << 10) // Linux doubles it: socket(7)
}

// sendUntilStuck sends what next fills in, and returns how many bytes went. A
// write of the server's that waits goes on when a third of the buffer is free,
// but looks again at whatever wakes it: so it is woken once.
func (c *Client) sendUntilStuck(next func(chunk []byte)) (sent int) {
	const pause, pauses, most = 50 * time.Millisecond, 60, 300
	c.IsVague = true
	c.fixReceiveBuffer()
	c.note("sends until nothing more goes, and reads nothing")
	chunk, tries, isWoken := make([]byte, 64<<10), 0, false
	for rest, waits := chunk[:0], 0; sent < 256<<20 && waits < most; {
		if len(rest) == 0 {
			next(chunk)
			rest = chunk
		}
		logged := c.stage.Server.CountLog()
		c.Conn.SetWriteDeadline(time.Now().Add(pause))
		n, err := c.Conn.Write(rest)
		sent, rest = sent+n, rest[n:]
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			isIdle := n == 0 && c.stage.Server.CountLog() == logged && c.isLeftUnread()
			if waits++; n > 0 { // slow, but it reads on
				tries = 0
			}
			if tries++; isIdle && isWoken || tries == pauses { // one that spins is never idle
				c.note(fmt.Sprintf("has sent %d bytes: the buffers are full", sent))
				return sent
			}
			if isIdle {
				c.stage.Interrupt()
			}
			isWoken = isIdle
		case err != nil:
			c.failed("the server to stop reading", err)
		}
	}
	c.Fail("the server to stop reading from a client that never reads", "it reads on without a limit")
	panic("unreachable")
}

// isLeftUnread reports whether the server does nothing although there is
// something of the client's that it could read, and it is not the client that is late.
func (c *Client) isLeftUnread() bool {
	if procfs.WorkOf(c.stage.Server.Roots()...).IsRunning {
		return false
	}
	if own, _ := c.ownEnd(); c.IsReading && own.HasUnread() {
		return false
	}
	end, ok := c.ServerEnd()
	return end.HasUnread() || !ok
}

// Stall sends a stream, and reads nothing, until nothing more goes; see
// SendUntilStuck. It returns how many bytes went. The streams of two numbers
// have no part in common.
func (c *Client) Stall(number int) (sent int) {
	s := stream.New(number)
	return c.sendUntilStuck(func(chunk []byte) { s.Read(chunk) })
}

// Resume reads the stream back that Stall has sent, to its end, and compares
// every byte; then it leaves.
func (c *Client) Resume(number, sent int) {
	c.CloseWrite()
	c.Reclaim(number, sent)
	c.ExpectEnd()
	c.Close()
}

// Reclaim reads the stream back that Stall has sent, and compares every byte.
func (c *Client) Reclaim(number, sent int) { c.readBack(stream.New(number), sent) }

// StreamThrough sends size bytes, reads them back at the same time, and
// compares every one.
func (c *Client) StreamThrough(size int) {
	c.note(fmt.Sprintf("sends a stream of %d bytes, and reads at the same time", size))
	wrote := make(chan error, 1)
	go func() {
		_, err := io.CopyN(c.Conn, stream.New(0), int64(size))
		if err == nil {
			err = c.Conn.CloseWrite()
		}
		wrote <- err
	}()
	c.readBack(stream.New(0), size)
	if err := <-wrote; err != nil {
		c.failed("to send its stream", err)
	}
	c.ExpectEnd()
	c.Close()
}

// readBack reads size bytes, and compares every one with what the stream has.
// How far it comes before it fails differs from run to run.
func (c *Client) readBack(expected *stream.Stream, size int) {
	c.note(fmt.Sprintf("reads, and expects its %d bytes back", size))
	came, want := make([]byte, 64<<10), make([]byte, 64<<10)
	for at := 0; at < size; {
		const all = "its own stream back, to the end"
		done := c.reading(all)
		n, err := c.Conn.Read(came[:min(len(came), size-at)])
		done()
		expected.Read(want[:n])
		if i := stream.FirstDifference(came[:n], want[:n]); i >= 0 {
			failure := c.failure("its own stream back, byte for byte", "other bytes came")
			failure.Detail, failure.isVague = difference(at+i, want[i], came[i]), true
			panic(failure)
		}
		at += n
		if err != nil {
			failure := c.failure(all, Reason(err))
			failure.isLoss = !isTooLate(err)
			failure.Detail, failure.isVague = fmt.Sprintf("%d of %d bytes came", at, size), true
			panic(failure)
		}
	}
	c.note("has got all of them")
}
