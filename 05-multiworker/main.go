// Go 1.25 and later keep cgroup files open, to size the scheduler. Not doing so
// leaves descriptor 3 for the server socket, as in the original Python program.
//
//go:debug containermaxprocs=0
//go:debug updatemaxprocs=0

// 05-multiworker is a TCP echo server of N workers on one listening socket.
package main

import "example.com/echo/05-multiworker/worker"

func main() {
	worker.Main("05-multiworker")
}
