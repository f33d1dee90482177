// Go 1.25 and later keep cgroup files open, to size the scheduler. Not doing so
// leaves descriptor 3 for the server socket, as in the original Python program.
//
//go:debug containermaxprocs=0
//go:debug updatemaxprocs=0

// 01-blocking is a TCP echo server that serves one client at a time.
package main

import (
	"example.com/echo/01-blocking/blocking"
	"example.com/echo/01-blocking/program"
)

func main() {
	program.Main("01-blocking", blocking.Run)
}
