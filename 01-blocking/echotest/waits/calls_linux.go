//go:build amd64 || arm64

package waits

import "golang.org/x/sys/unix"

// System calls whose first argument is the descriptor that they are about.
var aboutDescriptor = map[int]string{
	unix.SYS_READ:         "read",
	unix.SYS_READV:        "readv",
	unix.SYS_RECVFROM:     "recv",
	unix.SYS_RECVMSG:      "recvmsg",
	unix.SYS_WRITE:        "write",
	unix.SYS_WRITEV:       "writev",
	unix.SYS_SENDTO:       "send",
	unix.SYS_SENDMSG:      "sendmsg",
	unix.SYS_ACCEPT:       "accept",
	unix.SYS_ACCEPT4:      "accept",
	unix.SYS_CLOSE:        "close",
	unix.SYS_EPOLL_PWAIT:  "epoll_wait",
	unix.SYS_EPOLL_PWAIT2: "epoll_wait",
}

// System calls that are about several descriptors, or about none.
var aboutNone = map[int]string{
	unix.SYS_PSELECT6:        "select",
	unix.SYS_PPOLL:           "poll",
	unix.SYS_WAIT4:           "wait4",
	unix.SYS_WAITID:          "waitid",
	unix.SYS_NANOSLEEP:       "nanosleep",
	unix.SYS_CLOCK_NANOSLEEP: "nanosleep",
}
