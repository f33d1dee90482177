// Package fdset knows the limit of select(2): its sets have one bit for each of
// the descriptors 0 to 1023, and no room for another.
package fdset

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// Check returns an error if select cannot watch descriptor fd.
// Setting its bit all the same is a panic in Go, and in C writes over whatever
// lies behind the set.
func Check(fd int) error {
	if fd >= unix.FD_SETSIZE {
		return fmt.Errorf("select cannot watch descriptor %d: its sets end at %d", fd, unix.FD_SETSIZE-1)
	}
	return nil
}

// LimitDescriptors makes the kernel number no new descriptor of this process
// higher than select can watch: accept then fails with EMFILE, and the next
// client waits in the queue until another leaves. Source: getrlimit(2).
func LimitDescriptors() error {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("getrlimit: %w", err)
	}
	limit.Cur = min(limit.Cur, unix.FD_SETSIZE)
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("setrlimit: %w", err)
	}
	return nil
}

// Timeval returns milliseconds as select takes them; nil, for a negative
// number, is no limit.
func Timeval(milliseconds int) *unix.Timeval {
	if milliseconds < 0 {
		return nil
	}
	tv := unix.NsecToTimeval(int64(milliseconds) * 1e6)
	return &tv
}
