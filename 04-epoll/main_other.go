//go:build !linux

// 04-epoll is a TCP echo server for Linux only.
package main

import (
	"errors"

	"example.com/echo/01-blocking/program"
)

func main() {
	program.New("04-epoll").Exit(errors.New("epoll is Linux's; use 03-poll here"))
}
