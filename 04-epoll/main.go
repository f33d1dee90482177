//go:build linux

// These two lines keep descriptor 3 free for the server socket. Without them Go
// 1.25 and later keep files open, to see how many processors a container has.
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
