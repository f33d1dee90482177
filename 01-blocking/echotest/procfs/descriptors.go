package procfs

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Descriptor returns what descriptor fd of process pid is, as /proc calls it:
// socket:[4711], pipe:[4712], /dev/null; "" if it is none.
func Descriptor(pid, fd int) string {
	link, _ := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", pid, fd))
	return link
}

// Descriptors returns what the open descriptors of process pid are, as /proc
// calls it. None are left when it has ended.
func Descriptors(pid int) []string {
	var links []string
	paths, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	for _, path := range paths {
		if link, err := os.Readlink(path); err == nil {
			links = append(links, link)
		}
	}
	return links
}

// DescriptorFlags returns the flags of descriptor fd of process pid, as fcntl
// and open know them, O_CLOEXEC included. Source: proc(5), /proc/PID/fdinfo.
func DescriptorFlags(pid, fd int) (flags int) {
	info, _ := os.ReadFile(fmt.Sprintf("/proc/%d/fdinfo/%d", pid, fd))
	_, after, _ := strings.Cut(string(info), "flags:")
	fmt.Sscanf(after, "%o", &flags)
	return flags
}

// FreeDescriptors returns for each process of programs, and of all that they have
// started, the number that its next descriptor gets: the lowest that is free.
func FreeDescriptors(pids ...int) map[int]int {
	free := map[int]int{}
	for _, pid := range Family(pids...) {
		for Descriptor(pid, free[pid]) != "" {
			free[pid]++
		}
	}
	return free
}

// HasSockets reports whether a process has any socket open.
func HasSockets(pid int) bool {
	return slices.ContainsFunc(Descriptors(pid), func(link string) bool { return strings.HasPrefix(link, "socket:") })
}
