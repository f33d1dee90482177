package echotest

import (
	"errors"
	"syscall"
	"time"
)

// Stall sends a stream, and reads nothing, until nothing more goes; see
// SendUntilStuck. It returns how many bytes went. The streams of two numbers
// have no part in common.
func (c *Client) Stall(number int) (sent int) {
	s := newStream(number)
	return c.sendUntilStuck(func(chunk []byte) { s.Read(chunk) })
}

// Resume reads the stream back that Stall has sent, to its end, and compares
// every byte; then it leaves.
func (c *Client) Resume(number, sent int) {
	c.CloseWrite()
	c.reclaim(number, sent)
	c.ExpectEnd()
	c.Close()
}

// reclaim reads the stream back that Stall has sent, and compares every byte.
func (c *Client) reclaim(number, sent int) {
	came, want := make([]byte, 64<<10), make([]byte, 64<<10)
	expected := newStream(number)
	for at := 0; at < sent; {
		c.conn.SetReadDeadline(time.Now().Add(c.patienceFor("its own stream back, to the end")))
		n, err := c.conn.Read(came[:min(len(came), sent-at)])
		expected.Read(want[:n])
		if i := firstDifference(came[:n], want[:n]); i >= 0 {
			c.fail("its own stream back, byte for byte", "other bytes came")
		}
		at += n
		if err != nil {
			c.fail("its own stream back, to the end", reason(err))
		}
	}
}

func newStream(number int) *stream { return &stream{offset: int64(number) << 40} }

// SendUrgent sends one byte out of band: beside the stream, which goes on.
// Source: tcp(7), "Sockets API".
func (c *Client) SendUrgent(b byte) {
	raw, err := c.conn.SyscallConn()
	if err == nil {
		sendErr := raw.Write(func(fd uintptr) bool {
			err = syscall.Sendmsg(int(fd), []byte{b}, nil, nil, syscall.MSG_OOB)
			return err != syscall.EAGAIN
		})
		err = errors.Join(err, sendErr)
	}
	if err != nil {
		c.fail("to send a byte out of band", err.Error())
	}
}
