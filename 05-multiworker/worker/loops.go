package worker

import (
	"errors"

	"example.com/echo/01-blocking/blocking"
	"example.com/echo/01-blocking/program"
	"example.com/echo/01-blocking/sock"
	"example.com/echo/02-select/selectloop"
	"example.com/echo/03-poll/pollloop"
)

// A waiting is one of the four loops, and the mode that it wants of the
// listening socket. The flag belongs to the socket and not to the process, so
// whoever opens the socket sets it, once for all workers.
type waiting struct {
	run  program.Loop
	mode sock.Mode
}

var loopNames = []string{"select", "poll", "epoll", "blocking"}

// findLoop returns the loop called name, one of loopNames.
func findLoop(name string) (waiting, error) {
	switch name {
	case "blocking":
		return waiting{blocking.Run, sock.Blocking}, nil
	case "poll":
		return waiting{pollloop.Run, sock.NonBlocking}, nil
	case "epoll":
		if epollRun == nil {
			return waiting{}, errors.New("-loop epoll: epoll is Linux's; use -loop poll")
		}
		return waiting{epollRun, sock.NonBlocking}, nil
	default:
		return waiting{selectloop.Run, sock.NonBlocking}, nil
	}
}
