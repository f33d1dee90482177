// Go 1.25 and later keep cgroup files open, to size the scheduler. Not doing so
// leaves descriptor 3 for the server socket, as in the original Python program.
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
