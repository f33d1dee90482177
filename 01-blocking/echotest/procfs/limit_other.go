//go:build !linux

package procfs

import "errors"

// LimitDescriptors fails: it needs prlimit, which is Linux's.
func LimitDescriptors(map[int]int) (giveBack func(), err error) {
	return func() {}, errors.ErrUnsupported
}
