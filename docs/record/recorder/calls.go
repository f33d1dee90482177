//go:build linux

package recorder

import (
	"regexp"
	"strconv"
	"strings"

	"example.com/echo/docs/recording"
)

// names are the calls that the source calls otherwise than the kernel.
var names = map[string]string{"pselect6": "select", "ppoll": "poll", "epoll_pwait": "epoll_wait", "prlimit64": "setrlimit"}

// watchOf returns what a call is given to wait for.
func watchOf(l *line) (list []recording.Watch) {
	switch l.call {
	case "pselect6":
		for i, events := range []string{"", "reader", "writer"} {
			if i > 0 {
				for _, fd := range set(l.arg(i)) {
					list = append(list, recording.Watch{FD: fd, Events: events})
				}
			}
		}
	case "ppoll":
		return polled(l.arg(0), "events")
	case "epoll_ctl":
		w := recording.Watch{FD: l.size(2)}
		if m := epollEvent.FindStringSubmatch(l.arg(3)); m != nil {
			w.Events = m[1]
		}
		return []recording.Watch{w}
	case "read", "accept4":
		return []recording.Watch{{FD: l.fd(), Events: "reader"}}
	case "write":
		return []recording.Watch{{FD: l.fd(), Events: "writer"}}
	}
	return list
}

// readyOf returns who is ready, as the call returned it.
func readyOf(l *line) (list []recording.Watch) {
	switch l.call {
	case "pselect6":
		for _, m := range readySet.FindAllStringSubmatch(l.note, -1) {
			events := map[string]string{"in": "reader", "out": "writer"}[m[1]]
			for _, fd := range set(m[2]) {
				list = append(list, recording.Watch{FD: fd, Events: events})
			}
		}
	case "ppoll":
		return polled(l.note, "revents")
	case "epoll_pwait":
		for _, m := range epollEvent.FindAllStringSubmatch(l.arg(1), -1) {
			fd, _ := strconv.Atoi(m[2])
			list = append(list, recording.Watch{FD: fd, Events: m[1]})
		}
	}
	return list
}

var (
	epollEvent = regexp.MustCompile(`\{events=([A-Z|]+), data=\{u32=(\d+)`)
	readySet   = regexp.MustCompile(`(in|out) \[([\d ]*)\]`)
	softLimit  = regexp.MustCompile(`rlim_cur=(\d+)`)
	place      = regexp.MustCompile(`\{fd=(-?\d+)(?:, (events|revents)=([A-Z0|]+))?\}`)
)

// polled returns a list of poll's, with its events or its revents.
func polled(text, which string) (list []recording.Watch) {
	for _, m := range place.FindAllStringSubmatch(text, -1) {
		fd, _ := strconv.Atoi(m[1])
		w := recording.Watch{FD: fd}
		if m[2] == which && m[3] != "0" {
			w.Events = m[3]
		}
		list = append(list, w)
	}
	return list
}

var timespec = regexp.MustCompile(`tv_sec=(\d+), tv_nsec=(\d+)`)

// waitTimeout returns how many milliseconds a wait lasts at most: -1 if there is
// no limit, and 0 if the call is no wait.
func waitTimeout(l *line) int {
	at, ok := map[string]int{"pselect6": 4, "ppoll": 2, "epoll_pwait": 3}[l.call]
	if !ok {
		return 0
	}
	text := l.arg(at)
	if m := timespec.FindStringSubmatch(text); m != nil {
		seconds, _ := strconv.Atoi(m[1])
		nanoseconds, _ := strconv.Atoi(m[2])
		return seconds*1000 + nanoseconds/1e6
	}
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	return -1
}

// decode returns what a call was given and gave back.
func (p *process) decode(l *line) recording.Call {
	c := recording.Call{Name: l.call, FD: -1, Result: l.result, Error: l.err, Timeout: waitTimeout(l)}
	if name, ok := names[l.call]; ok {
		c.Name = name
	}
	switch l.call {
	case "pselect6":
		c.Size, c.Watch, c.Ready = l.size(0), watchOf(l), readyOf(l)
	case "ppoll":
		c.Size, c.Watch, c.Ready = l.size(1), watchOf(l), readyOf(l)
	case "prlimit64":
		c.Args = l.arg(1)
		if m := softLimit.FindStringSubmatch(l.arg(2)); m != nil {
			c.Args += ", " + m[1]
		}
	case "socket", "pipe2", "epoll_create1", "eventfd2":
	default:
		c.FD = l.fd()
	}
	switch l.call {
	case "epoll_pwait":
		c.Ready = readyOf(l)
	case "epoll_ctl":
		c.Args, c.Watch = l.arg(1), watchOf(l)
	case "read", "write":
		c.Size, c.Data = l.size(2), l.text(1)
	case "fcntl", "shutdown", "listen":
		c.Args = strings.Join(l.args[1:], ", ")
	case "bind":
		c.Args = "127.0.0.1:0" // as launch has it
	case "setsockopt":
		c.Args = l.arg(2)
	}
	if c.Timeout > 0 {
		c.Timeout = (c.Timeout + 99) / 100 * 100 // what is left of 100 ms by then differs
	}
	switch {
	case l.end == 0:
		c.Result = 0
	case l.err == "ERESTARTNOHAND": // becomes EINTR, because Go handles all signals
		c.Error = "EINTR"
	}
	c.What = p.open[c.FD]
	return c
}
