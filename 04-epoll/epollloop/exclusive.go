//go:build linux

package epollloop

import "golang.org/x/sys/unix"

// readerFlags are more flags for single readers; empty in lesson 4.
var readerFlags = map[int]uint32{}

// WakeOne is for lesson 5, where several loops wait for clients of one socket:
// for a new client the kernel then wakes one of those that wait, and not all.
// It is about the loops that watch listening socket fd. Call it before Run.
// Source: epoll_ctl(2), EPOLLEXCLUSIVE.
func WakeOne(fd int) { readerFlags[fd] = unix.EPOLLEXCLUSIVE }
