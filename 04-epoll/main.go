//go:build linux

// Go 1.25 and later keep cgroup files open, to size the scheduler. Not doing so
// leaves descriptor 3 for the server socket, as in the original Python program.
//
//go:debug containermaxprocs=0
//go:debug updatemaxprocs=0

// 04-epoll is a TCP echo server that waits for all its clients in epoll(7).
package main

import (
	"example.com/echo/02-select/stop"
	"example.com/echo/04-epoll/epollloop"
)

func main() {
	stop.Main("04-epoll", epollloop.Run)
}
