//go:build !linux

package sock

import "golang.org/x/sys/unix"

// TryRead reads what is there now and never waits; the socket must be one that
// TryAccept returned. 0 and no error means that the peer sends nothing more;
// EAGAIN means that nothing is there. The error is the kernel's errno.
func (s *Socket) TryRead(p []byte) (int, error) { return s.Read(p) }

// TryWrite writes what the kernel takes now and never waits; the socket must
// be one that TryAccept returned. EAGAIN means that it takes nothing. The error
// is the kernel's errno.
func (s *Socket) TryWrite(p []byte) (int, error) {
	for {
		n, err := unix.Write(s.fd, p)
		if err != unix.EINTR {
			return max(n, 0), err
		}
	}
}
