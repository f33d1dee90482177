//go:build !linux

package sock

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// stream opens a socket that a started program does not inherit.
func stream(family int) (int, error) {
	syscall.ForkLock.RLock() // nothing is started between the two calls
	defer syscall.ForkLock.RUnlock()
	fd, err := unix.Socket(family, unix.SOCK_STREAM, 0)
	if err == nil {
		unix.CloseOnExec(fd)
	}
	return fd, err
}

// acceptDescriptor accepts a client whose socket a started program does not
// inherit. It cannot hold the fork lock while accept may wait, so a program
// started in that moment could inherit it. On an error nothing is open.
func acceptDescriptor(fd int, mode Mode) (int, unix.Sockaddr, error) {
	nfd, sa, err := unix.Accept(fd)
	if err != nil {
		return -1, nil, err
	}
	unix.CloseOnExec(nfd)
	if err := unix.SetNonblock(nfd, mode == NonBlocking); err != nil {
		unix.Close(nfd)
		return -1, nil, err
	}
	return nfd, sa, nil
}
