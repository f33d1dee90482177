package sock

import "golang.org/x/sys/unix"

// stream opens a socket that a started program does not inherit.
func stream(family int) (int, error) {
	return unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
}

// acceptDescriptor accepts a client whose socket a started program does not
// inherit, in one call and without a moment in which it would. On an error
// nothing was accepted, and the descriptor it returns is none.
func acceptDescriptor(fd int, mode Mode) (int, unix.Sockaddr, error) {
	flags := unix.SOCK_CLOEXEC
	if mode == NonBlocking {
		flags |= unix.SOCK_NONBLOCK
	}
	return unix.Accept4(fd, flags)
}
