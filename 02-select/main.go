// Go 1.25 and later open cgroup files before main, to size the scheduler. Not
// doing so leaves descriptor 3 for the server socket, as in the original.
//
//go:debug containermaxprocs=0
//go:debug updatemaxprocs=0

// 02-select is a TCP echo server that waits for all its clients in select(2).
package main

import (
	"example.com/echo/01-blocking/program"
	"example.com/echo/01-blocking/sock"
	"example.com/echo/02-select/selectloop"
)

func main() {
	program.Main("02-select", selectloop.Run, sock.NonBlocking)
}
