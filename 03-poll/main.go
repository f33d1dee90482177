// Go 1.25 and later keep cgroup files open, to size the scheduler. Not doing so
// leaves descriptor 3 for the server socket, as in the original Python program.
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
