//go:build !linux

package procfs

import "errors"

// OpenDescriptors knows nothing: it needs /proc, which is Linux's.
func OpenDescriptors(pids ...int) map[int]uint64 { return nil }

// SetLimits does nothing: it needs prlimit, which is Linux's.
func SetLimits(limits map[int]uint64) (giveBack func()) { return func() {} }

// LimitDescriptors fails: it needs prlimit, which is Linux's.
func LimitDescriptors(pid, fewer int) (giveBack func(), err error) {
	return func() {}, errors.ErrUnsupported
}
