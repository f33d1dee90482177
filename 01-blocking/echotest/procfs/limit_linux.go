package procfs

import (
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

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
