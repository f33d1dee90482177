package worker

import (
	"example.com/echo/01-blocking/program"
	"example.com/echo/04-epoll/epollloop"
)

var epollRun program.Loop = epollloop.Run
