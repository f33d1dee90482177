package echotest

import (
	"errors"
	"syscall"
)

// SendUrgent sends one byte out of band: beside the stream, which goes on.
// Source: tcp(7), "Sockets API".
func (c *Client) SendUrgent(b byte) {
	c.note("sends a byte out of band")
	raw, err := c.Conn.SyscallConn()
	if err == nil {
		sendErr := raw.Write(func(fd uintptr) bool {
			err = syscall.Sendmsg(int(fd), []byte{b}, nil, nil, syscall.MSG_OOB)
			return err != syscall.EAGAIN
		})
		err = errors.Join(err, sendErr)
	}
	if err != nil {
		c.Fail("to send a byte out of band", err.Error())
	}
}
