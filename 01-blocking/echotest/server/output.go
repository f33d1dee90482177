package server

import (
	"io"
	"os"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// An output is the reading end of a pipe that a server writes to.
type output struct {
	pipe *os.File
	read atomic.Int64 // bytes
}

// newOutput returns the output that one of exec.Cmd's pipe methods has made.
func newOutput(pipe io.ReadCloser, err error) (*output, error) {
	if err != nil {
		return nil, err
	}
	return &output{pipe: pipe.(*os.File)}, nil
}

// Read reads as io.Reader does.
func (o *output) Read(b []byte) (int, error) {
	n, err := o.pipe.Read(b)
	o.read.Add(int64(n))
	return n, err
}

// hasMore reports whether the pipe holds something that is not read yet. Source:
// poll(2).
func (o *output) hasMore() bool {
	raw, err := o.pipe.SyscallConn()
	if err != nil {
		return false
	}
	polled := make([]unix.PollFd, 1)
	raw.Control(func(fd uintptr) { // fails when all is read and the pipe closed
		polled[0] = unix.PollFd{Fd: int32(fd), Events: unix.POLLIN}
		unix.Poll(polled, 0)
	})
	return polled[0].Revents&unix.POLLIN != 0
}
