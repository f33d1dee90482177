//go:build !linux

package worker

import "example.com/echo/02-select/stop"

var epollRun stop.Loop // none: only Linux has epoll

func wakeOne(int) {}
