//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"example.com/echo/01-blocking/echotest/procfs"
	"example.com/echo/01-blocking/echotest/server"
	"example.com/echo/docs/repo"
)

// A state is what the processes of a server have of the machine, together.
type state struct {
	processes   int
	descriptors int // open
	memory      int // resident, in KiB: VmRSS
	ticks       int // of processor time, theirs and of their workers that ended: 10 ms each
}

// measure returns the state of the server now. Source: proc(5).
func measure(server *server.Server) state {
	var s state
	for _, pid := range server.Processes() {
		s.processes++
		s.descriptors += len(procfs.Descriptors(pid))
		s.memory += memory(pid)
		s.ticks += ticks(pid)
	}
	return s
}

func memory(pid int) int {
	var kib int
	fmt.Sscanf(repo.ProcField(fmt.Sprintf("/proc/%d/status", pid), "VmRSS"), "%d kB", &kib)
	return kib
}

// ticks adds utime, stime, cutime and cstime, the fields 14 to 17 of stat. What
// stands before field 3 can hold blanks.
func ticks(pid int) int {
	stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, after, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(after)
	total := 0
	for i := 11; i < 15 && i < len(fields); i++ {
		n, _ := strconv.Atoi(fields[i])
		total += n
	}
	return total
}

// settled returns the state of the server when it has been the same for two
// pauses, or after a while the one it has then.
func settled(ctx context.Context, server *server.Server, pause time.Duration) state {
	last, same := measure(server), 0
	for range 20 {
		if wait(ctx, pause) != nil || same == 2 {
			break
		}
		now := measure(server)
		if now == last {
			same++
		} else {
			same = 0
		}
		last = now
	}
	return last
}
