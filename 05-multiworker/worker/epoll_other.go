//go:build !linux

package worker

import "example.com/echo/01-blocking/program"

var epollRun program.Loop // none: only Linux has epoll
