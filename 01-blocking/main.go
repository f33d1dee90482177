// These two lines keep descriptor 3 free for the server socket. Without them Go
// 1.25 and later keep files open, to see how many processors a container has.
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
