// These two lines keep descriptor 3 free for the server socket. Without them Go
// 1.25 and later keep files open, to see how many processors a container has.
//
//go:debug containermaxprocs=0
//go:debug updatemaxprocs=0

// 02-select is a TCP echo server that waits for all its clients in select(2).
package main

import (
	"example.com/echo/02-select/selectloop"
	"example.com/echo/02-select/stop"
)

func main() {
	stop.Main("02-select", selectloop.Run)
}
