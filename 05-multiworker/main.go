// These two lines keep descriptor 3 free for the server socket. Without them Go
// 1.25 and later keep files open, to see how many processors a container has.
//
//go:debug containermaxprocs=0
//go:debug updatemaxprocs=0

// 05-multiworker is a TCP echo server of N workers on one listening socket.
package main

import "example.com/echo/05-multiworker/worker"

func main() {
	worker.Main("05-multiworker")
}
