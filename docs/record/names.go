//go:build linux

package main

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"example.com/echo/docs/recording"
)

// poller is what the descriptors of Go's own poller stand for.
const poller = "Go's poller"

// name says what the descriptors stand for that a call opens or closes, and
// replaces the numbers in what it was given.
func (a *assembly) name(p *process, c *recording.Call, l *line, frames []recording.Frame) {
	for i, fd := range openedBy(l) {
		if i == 0 {
			c.Opened = append(c.Opened, recording.Descriptor{FD: fd, What: a.opens(p, c, l, frames)})
		} else { // the second end of a pipe
			c.Opened = append(c.Opened, recording.Descriptor{FD: fd, What: c.Opened[0].What + ", writing"})
		}
	}
	for _, d := range c.Opened {
		p.open[d.FD] = d.What
	}
	switch {
	case c.Name == "close":
		delete(p.open, c.FD)
	case c.Name == "clone":
		c.Args = a.byThread[l.result].name
		c.Result = a.numberOf(a.byThread[l.result])
	case c.Name == "waitid":
		if m := childNumber.FindStringSubmatch(l.arg(2)); m != nil {
			pid, _ := strconv.Atoi(m[1])
			c.Args = a.byThread[pid].name
		}
	case c.What == "log" || strings.HasPrefix(c.What, "log of "):
		c.Data = beginning(a.replaces.Replace(c.Data), long)
	default:
		c.Data = beginning(c.Data, short)
	}
}

// How much of what is read and written is kept, in bytes.
const (
	short = 32
	long  = 160 // a line of the log
)

func beginning(data string, length int) string { return data[:min(len(data), length)] }

var (
	port        = regexp.MustCompile(`sin_port=htons\((\d+)\)`)
	childNumber = regexp.MustCompile(`si_pid=(\d+)`)
	childHandle = regexp.MustCompile(`parent_tid=\[(\d+)`)
)

// openedBy returns the descriptors that a call has opened.
func openedBy(l *line) []int {
	if l.end == 0 || l.err != "" {
		return nil
	}
	switch l.call {
	case "socket", "accept4", "epoll_create1", "eventfd2":
		return []int{l.result}
	case "pipe2":
		return set(l.arg(0))
	case "clone":
		if m := childHandle.FindStringSubmatch(strings.Join(l.args, " ")); m != nil {
			return set(m[1])
		}
	case "fcntl":
		if strings.HasPrefix(l.arg(1), "F_DUPFD") {
			return []int{l.result}
		}
	}
	return nil
}

// opens returns what the descriptor stands for that a call opens.
func (a *assembly) opens(p *process, c *recording.Call, l *line, frames []recording.Frame) string {
	switch l.call {
	case "accept4":
		if m := port.FindStringSubmatch(l.arg(1)); m != nil {
			number, _ := strconv.Atoi(m[1])
			return a.clients[number]
		}
	case "socket":
		sockets := 0
		for _, what := range p.open {
			if strings.HasPrefix(what, "server") {
				sockets++
			}
		}
		return a.socketOf("Process-" + strconv.Itoa(sockets+1))
	case "fcntl":
		return c.What
	case "clone":
		return "handle of " + a.byThread[l.result].name
	case "epoll_create1", "eventfd2":
		if passes(frames, "unix.EpollCreate1") {
			return "epoll"
		}
		return poller
	case "pipe2":
		return pipe(p, frames)
	}
	return "?"
}

// pipe returns what a new pipe is for.
func pipe(p *process, frames []recording.Frame) string {
	switch {
	case passes(frames, "stop.New"):
		return "stop"
	case passes(frames, "worker.start"):
		for i := 1; ; i++ { // the worker that has none
			if log := "log of Process-" + strconv.Itoa(i); !slices.Contains(slices.Collect(maps.Values(p.open)), log) {
				return log
			}
		}
	}
	return "lifeline"
}

// socketOf returns the name of a process's listening socket: with
// -listen=reuseport each worker has its own.
func (a *assembly) socketOf(process string) string {
	process, _, _ = strings.Cut(process, " ")
	if slices.Contains(a.Flags, "-listen=reuseport") {
		return "server of " + process
	}
	return "server"
}
