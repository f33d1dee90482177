package echotest

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"
)

// limitDescriptors has the server and its workers get no more descriptors than
// they have, less the highest fewer ones once those are closed. It returns a
// function that ends this. Only the soft limit is lowered, so it needs no rights.
func limitDescriptors(t *testing.T, s *Server, fewer int) (giveBack func()) {
	before := map[int]unix.Rlimit{}
	for _, pid := range s.processes() {
		highest := 0
		open, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
		for _, entry := range open {
			fd, _ := strconv.Atoi(entry.Name())
			highest = max(highest, fd)
		}
		limit := unix.Rlimit{}
		if err := unix.Prlimit(pid, unix.RLIMIT_NOFILE, nil, &limit); err != nil {
			t.Fatal(err)
		}
		before[pid] = limit
		limit.Cur = uint64(highest + 1 - fewer)
		if err := unix.Prlimit(pid, unix.RLIMIT_NOFILE, &limit, nil); err != nil {
			t.Fatal(err)
		}
	}
	return func() {
		for pid, limit := range before {
			unix.Prlimit(pid, unix.RLIMIT_NOFILE, &limit, nil) // or it has ended meanwhile
		}
	}
}
