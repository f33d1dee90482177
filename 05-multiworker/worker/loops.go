package worker

import (
	"errors"

	"example.com/echo/02-select/selectloop"
	"example.com/echo/02-select/stop"
	"example.com/echo/03-poll/pollloop"
)

var loopNames = []string{"select", "poll", "epoll"}

// findLoop returns the loop called name, one of loopNames.
func findLoop(name string) (stop.Loop, error) {
	switch name {
	case "poll":
		return pollloop.Run, nil
	case "epoll":
		if epollRun == nil {
			return nil, errors.New("-loop epoll: epoll is Linux's; use -loop poll")
		}
		return epollRun, nil
	}
	return selectloop.Run, nil
}
