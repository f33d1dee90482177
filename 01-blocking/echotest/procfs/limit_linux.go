package procfs

import "golang.org/x/sys/unix"

// LimitDescriptors lets each process get no descriptor whose number is its limit
// or more; those that it has stay open. It returns a function that ends this.
// Only the soft limit is lowered, so it needs no rights. Source: prlimit(2).
func LimitDescriptors(limits map[int]int) (giveBack func(), err error) {
	before := map[int]unix.Rlimit{}
	giveBack = func() {
		for pid, limit := range before {
			unix.Prlimit(pid, unix.RLIMIT_NOFILE, &limit, nil) // or it has ended meanwhile
		}
	}
	for pid, most := range limits {
		limit := unix.Rlimit{}
		if err := unix.Prlimit(pid, unix.RLIMIT_NOFILE, nil, &limit); err != nil {
			return giveBack, err
		}
		before[pid] = limit
		limit.Cur = uint64(most)
		if err := unix.Prlimit(pid, unix.RLIMIT_NOFILE, &limit, nil); err != nil {
			return giveBack, err
		}
	}
	return giveBack, nil
}
