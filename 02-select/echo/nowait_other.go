//go:build !linux

package echo

import "golang.org/x/sys/unix"

// acceptNow takes the first client from the queue of listening socket fd, or
// says EAGAIN if there is none. The client's socket is non-blocking and not
// inherited by programs that are started later.
func acceptNow(fd int) (int, unix.Sockaddr, error) {
	client, peer, err := unix.Accept(fd)
	if err != nil {
		return -1, nil, err
	}
	unix.CloseOnExec(client)
	if err := unix.SetNonblock(client, true); err != nil {
		unix.Close(client)
		return -1, nil, err
	}
	return client, peer, nil
}

// readNow is unix.Read for a non-blocking socket.
func readNow(fd int, p []byte) (int, error) { return unix.Read(fd, p) }

// writeNow is unix.Write for a non-blocking socket.
func writeNow(fd int, p []byte) (int, error) { return unix.Write(fd, p) }
