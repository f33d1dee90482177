package sock

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// TryRead reads what is there now and never waits; the socket must be one that
// TryAccept returned. 0 and no error means that the peer sends nothing more;
// EAGAIN means that nothing is there. The error is the kernel's errno.
//
// unix.Read tells Go's scheduler that the call may block, twice a call. This
// one cannot, so it says nothing, which saves a quarter of a message's time.
func (s *Socket) TryRead(p []byte) (int, error) {
	return try(unix.SYS_READ, s.fd, p)
}

// TryWrite writes what the kernel takes now and never waits; the socket must
// be one that TryAccept returned. EAGAIN means that it takes nothing. The error
// is the kernel's errno.
func (s *Socket) TryWrite(p []byte) (int, error) {
	return try(unix.SYS_WRITE, s.fd, p)
}

func try(call uintptr, fd int, p []byte) (int, error) {
	for {
		n, _, errno := unix.RawSyscall(call, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)))
		if errno == 0 {
			return int(n), nil
		}
		if errno != unix.EINTR {
			return 0, errno
		}
	}
}
