package echotest

import (
	"fmt"
	"strings"

	"example.com/echo/01-blocking/echotest/procfs"
	"example.com/echo/01-blocking/echotest/waits"
)

// Locate adds to a failure that nobody expected what the server is waiting in:
// "the server is in read(6) of alice, 01-blocking/blocking/loop.go:62", or that it
// is busy. It adds nothing if that cannot be found out. The server must not have
// ended.
func (st *Stage) Locate(failure *Failure) {
	if failure.Cause != nil || failure.Ended != "" {
		return
	}
	var lines []string
	for _, pid := range procfs.Family(st.Server.Roots()...) {
		all, _ := waits.Of(pid) // without the right to look there is nothing to tell
		for _, w := range all {
			line, isLoops := st.describe(pid, w)
			switch {
			case strings.Contains(strings.Join(lines, "\n"), line):
			case isLoops && len(lines) < 3:
				lines = append(lines, line)
			}
		}
	}
	if st.isSuspended {
		failure.Where = "the test had suspended the server: only its kernel could answer"
		return
	}
	if len(lines) == 0 && procfs.WorkOf(st.Server.Roots()...).IsRunning {
		lines = append(lines, "the server is busy, and waits for nobody")
	}
	failure.Where = strings.Join(lines, "\n")
}

// waited are the calls that a server waits in on behalf of its clients.
var waited = map[string]bool{
	"read": true, "recv": true, "recvmsg": true, "write": true, "send": true, "sendmsg": true,
	"accept": true, "select": true, "poll": true, "epoll_wait": true,
}

// describe says where a thread of a server's process waits, and whether it does
// so on behalf of clients: in a loop's own code, if the lines are known.
func (st *Stage) describe(pid int, w waits.Wait) (line string, isLoops bool) {
	line, isLoops = "the server is in "+w.Call, waited[w.Call]
	if w.FD >= 0 {
		line += fmt.Sprintf("(%d)", w.FD)
	}
	peer := procfs.PeerOf(procfs.Descriptor(pid, w.FD))
	if name, ok := st.Names().Clients[peer]; ok {
		line += " of " + name
	}
	if at, ok := loopLine(w.Frames); ok {
		line += fmt.Sprintf(", %s:%d", at.File, at.Line)
	} else if len(w.Frames) > 0 {
		isLoops = false
	}
	return line, isLoops
}

// loopLine returns the innermost frame in the file of a loop.
func loopLine(frames []waits.Frame) (waits.Frame, bool) {
	for _, f := range frames {
		if strings.HasSuffix(f.File, "/loop.go") {
			return f, true
		}
	}
	return waits.Frame{}, false
}
