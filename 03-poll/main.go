// These two lines keep descriptor 3 free for the server socket. Without them Go
// 1.25 and later keep files open, to see how many processors a container has.
//
//go:debug containermaxprocs=0
//go:debug updatemaxprocs=0

// 03-poll is a TCP echo server that waits for all its clients in poll(2).
package main

import (
	"example.com/echo/02-select/stop"
	"example.com/echo/03-poll/pollloop"
)

func main() {
	stop.Main("03-poll", pollloop.Run)
}
