package procfs

import (
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// OpenDescriptors returns how many descriptors each process of programs, and of all
// that they have started, has open, up to the first that is free: with that as its
// limit it gets no more.
func OpenDescriptors(pids ...int) map[int]uint64 {
	open := map[int]uint64{}
	for _, pid := range Family(pids...) {
		for Descriptor(pid, int(open[pid])) != "" {
			open[pid]++
		}
	}
	return open
}

// SetLimits limits each process to so many descriptors; those above stay open.
// It returns a function that ends this. Where this process may not do that,
// nothing happens.
func SetLimits(limits map[int]uint64) (giveBack func()) {
	before := map[int]unix.Rlimit{}
	for pid, most := range limits {
		var limit unix.Rlimit
		if unix.Prlimit(pid, unix.RLIMIT_NOFILE, nil, &limit) == nil {
			before[pid] = limit
			limit.Cur = most
			unix.Prlimit(pid, unix.RLIMIT_NOFILE, &limit, nil)
		}
	}
	return func() {
		for pid, limit := range before {
			unix.Prlimit(pid, unix.RLIMIT_NOFILE, &limit, nil) // or it has ended meanwhile
		}
	}
}

// LimitDescriptors lets a program, and all that it has started, get no more
// descriptors than they have, less the highest fewer ones once those are closed.
// It returns a function that ends this. Only the soft limit is lowered, so it
// needs no rights.
func LimitDescriptors(pid, fewer int) (giveBack func(), err error) {
	before := map[int]unix.Rlimit{}
	giveBack = func() {
		for pid, limit := range before {
			unix.Prlimit(pid, unix.RLIMIT_NOFILE, &limit, nil) // or it has ended meanwhile
		}
	}
	for _, pid := range Family(pid) {
		highest := 0
		open, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
		for _, entry := range open {
			fd, _ := strconv.Atoi(entry.Name())
			highest = max(highest, fd)
		}
		limit := unix.Rlimit{}
		if err := unix.Prlimit(pid, unix.RLIMIT_NOFILE, nil, &limit); err != nil {
			return giveBack, err
		}
		before[pid] = limit
		limit.Cur = uint64(highest + 1 - fewer)
		if err := unix.Prlimit(pid, unix.RLIMIT_NOFILE, &limit, nil); err != nil {
			return giveBack, err
		}
	}
	return giveBack, nil
}
