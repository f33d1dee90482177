//go:build linux

package recorder

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"example.com/echo/docs/recording"
)

// poller is what the descriptors of Go's own poller stand for.
const poller = "Go's poller"

// name says what the descriptors stand for that a call opens, forgets the one
// that it closes, and replaces the numbers in what it wrote to the log.
func (a *assembly) name(p *process, c *recording.Call, l *line, frames []recording.Frame) {
	what := c.What // of a duplicate
	switch c.Name {
	case "socket":
		a.sockets++
		what = a.socketOf("Process-" + strconv.Itoa(a.sockets))
	case "accept4":
		if m := port.FindStringSubmatch(l.arg(1)); m != nil {
			what = a.clients[m[1]]
		}
	case "epoll_create1", "eventfd2":
		what = "epoll"
		if !slices.ContainsFunc(frames, isOurs) || passes(frames, "poll.runtime_pollServerInit") {
			what = poller
		}
	case "pipe2":
		what = "lifeline"
		if passes(frames, "stop.New") {
			what = "stop"
		}
	case "close":
		delete(p.open, c.FD)
	}
	for _, fd := range opened(l) {
		c.Opened = append(c.Opened, recording.Descriptor{FD: fd, What: what})
		p.open[fd] = what
		what += ", writing" // a pipe's other end
	}
	length := 32
	if c.What == "log" {
		c.Data = a.replaces.Replace(c.Data)
		length = 160 // a whole line
	}
	c.Data = c.Data[:min(len(c.Data), length)]
}

var port = regexp.MustCompile(`sin_port=htons\((\d+)\)`)

// opened returns the descriptors that a call has opened.
func opened(l *line) []int {
	switch {
	case l.end == 0 || l.err != "":
	case l.call == "pipe2":
		return set(l.arg(0))
	case slices.Contains([]string{"socket", "accept4", "epoll_create1", "eventfd2"}, l.call), strings.HasPrefix(l.arg(1), "F_DUPFD"):
		return []int{l.result}
	}
	return nil
}

// socketOf returns the name of a worker's listening socket. With
// -listen=reuseport each has its own.
func (a *assembly) socketOf(worker string) string {
	if slices.Contains(a.Flags, "-listen=reuseport") {
		worker, _, _ = strings.Cut(worker, " ") // Process-1 again
		return "server of " + worker
	}
	return "server"
}
