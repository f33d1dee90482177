// Waiting prints a descriptor and then waits in a system call about it, both as
// the arguments say, for a minute at most.
package main

import (
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"example.com/echo/01-blocking/echotest/waits/testdata/waiting/calls"
)

func main() {
	// While the main goroutine waits, Go's runtime waits for the end of the
	// minute: in an epoll_wait of its own.
	time.AfterFunc(time.Minute, func() { os.Exit(1) })
	fd := descriptor(os.Args[1])
	os.Stdout.WriteString(strconv.Itoa(fd) + "\n")
	calls.Make(os.Args[1], fd)
}

// descriptor returns one that the call waits for, and -1 if it needs none.
func descriptor(call string) int {
	switch call {
	case "select", "poll":
		return -1
	case "accept":
		fd, _ := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
		unix.Listen(fd, 1) // on a free port of the kernel's choice
		return fd
	case "recv":
		fds, _ := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
		return fds[0]
	case "epoll_wait":
		fd, _ := unix.EpollCreate1(0)
		return fd
	}
	var ends [2]int
	unix.Pipe(ends[:])
	if call == "write" {
		return ends[1]
	}
	return ends[0]
}
