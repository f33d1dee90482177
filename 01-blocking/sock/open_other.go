//go:build !linux

package sock

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// stream opens a TCP socket that a program started later does not inherit.
func stream(family int) (int, error) {
	syscall.ForkLock.RLock() // nothing is started between the two calls
	defer syscall.ForkLock.RUnlock()
	fd, err := unix.Socket(family, unix.SOCK_STREAM, 0)
	if err == nil {
		unix.CloseOnExec(fd)
	}
	return fd, err
}

// accept takes the first client from the queue of listening socket fd. On an
// error there is no descriptor to close. It cannot hold the fork lock while it
// may wait, so a program started in that moment could inherit the socket.
func accept(fd int) (int, unix.Sockaddr, error) {
	client, peer, err := unix.Accept(fd)
	if err != nil {
		return -1, nil, err
	}
	unix.CloseOnExec(client)
	return client, peer, nil
}
