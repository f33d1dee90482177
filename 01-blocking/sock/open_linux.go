package sock

import "golang.org/x/sys/unix"

// stream opens a TCP socket. CLOEXEC: a program that is started later does not
// inherit it.
func stream(family int) (int, error) {
	return unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
}

// accept takes the first client from the queue of listening socket fd. On an
// error there is no descriptor to close.
func accept(fd int) (int, unix.Sockaddr, error) {
	return unix.Accept4(fd, unix.SOCK_CLOEXEC)
}
