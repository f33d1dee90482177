package worker

import (
	"example.com/echo/02-select/stop"
	"example.com/echo/04-epoll/epollloop"
)

var epollRun stop.Loop = epollloop.Run

func wakeOne(fd int) { epollloop.WakeOne(fd) }
