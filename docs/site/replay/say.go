package replay

import (
	"cmp"
	"fmt"
	"strings"

	"example.com/echo/docs/recording"
)

// say returns what has just happened, in a sentence.
func (c *scene) say() string {
	switch e := c.now; {
	case e.step != nil:
		return e.step.Text
	case e.process != nil:
		name := e.process.Name
		if name == "server" {
			name = "The server"
		}
		return fmt.Sprintf("%s ends with status %s. The kernel closes whatever it had open.", name, e.process.Status)
	case e.returned:
		return c.by(c.returned(e.call))
	default:
		return c.by(c.entered(e.call))
	}
}

// by puts who makes the call before a sentence, if there are several.
func (c *scene) by(sentence string) string {
	process, part, _ := strings.Cut(c.now.call.Row, ": ")
	if threads := map[string]string{"signals": "the thread for signals", "lifeline": "the thread for the lifeline"}; threads[part] != "" {
		part = threads[part]
	}
	who := process
	switch {
	case process == "server" && part == "":
		return sentence
	case process == "server":
		who = upper(part)
	case part != "":
		who += " (" + part + ")"
	}
	return who + ": " + sentence
}

func upper(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

func (c *scene) entered(call *recording.Call) string {
	waits := "."
	if c.blocks(call) {
		waits = ", and waits."
	}
	switch call.Name {
	case "select":
		return fmt.Sprintf("select is given the bits 0 to %d%s", call.Size-1, waits)
	case "poll":
		return fmt.Sprintf("poll is given %s%s", many(call.Size, "entry", "entries"), waits)
	case "epoll_wait":
		return "epoll_wait is given no list, since the kernel keeps it" + waits
	case "accept4":
		return "accept4 is called for the accept queue" + waits
	}
	return fmt.Sprintf("%s is called for %s%s", call.Name, object(call.FD, call.What), waits)
}

// blocks reports whether something else happens before a call returns.
func (c *scene) blocks(call *recording.Call) bool { return call.Returned != call.Entered+1 }

func (c *scene) returned(call *recording.Call) string {
	if call.Watch != nil && call.Name != "epoll_ctl" || call.Name == "epoll_wait" {
		return c.waitReturned(call)
	}
	what := object(call.FD, call.What)
	if call.Error != "" {
		return failed(call, what)
	}
	switch call.Name {
	case "accept4":
		d := call.Opened[0]
		return fmt.Sprintf("accept4 takes %s from the accept queue: the new descriptor is %d.", d.What, d.FD)
	case "read":
		if call.Result == 0 {
			return fmt.Sprintf("read returns 0 for %s: the end of the stream.", what)
		}
		return fmt.Sprintf("read takes %s from %s.", many(call.Result, "byte", "bytes"), what)
	case "write":
		if call.Result < call.Size {
			return fmt.Sprintf("write sends only %d of %d bytes to %s: there is no room for more.", call.Result, call.Size, what)
		}
		return fmt.Sprintf("write sends %s to %s.", many(call.Result, "byte", "bytes"), what)
	case "epoll_ctl":
		return c.controlled(call)
	case "close":
		return fmt.Sprintf("close frees %s.", what)
	case "shutdown":
		return fmt.Sprintf("shutdown sends the end of the stream to %s: nothing more comes after it.", what)
	}
	return c.plainly(call)
}

// waitReturned says what select, poll or epoll_wait returned.
func (c *scene) waitReturned(call *recording.Call) string {
	switch {
	case call.Error == "EINTR":
		return call.Name + " is interrupted by a signal (EINTR). The loop calls it again."
	case call.Error != "":
		return failed(call, "")
	case call.Result == 0:
		return call.Name + " returns because its time is over: nobody is ready."
	}
	var ready []string
	process := c.s.Process(call.Process())
	for _, w := range call.Ready {
		ready = append(ready, fmt.Sprintf("%s is %s", object(w.FD, process.What(w.FD)), readiness(w.Events)))
	}
	unit := map[string][2]string{"select": {"bit", "bits"}, "poll": {"entry", "entries"}, "epoll_wait": {"entry of the ready list", "entries of the ready list"}}[call.Name]
	return fmt.Sprintf("%s returns: %s; it looked at %s.", call.Name, strings.Join(ready, ", "), many(looked(call), unit[0], unit[1]))
}

// readiness returns events in words.
func readiness(events string) string {
	var words []string
	for _, is := range []struct{ event, word string }{
		{"IN", "readable"}, {"reader", "readable"}, {"OUT", "writable"}, {"writer", "writable"}, {"RDHUP", "half-closed"}, {"ERR", "in error"},
	} {
		for event := range strings.SplitSeq(events, "|") {
			if strings.TrimPrefix(strings.TrimPrefix(event, "EPOLL"), "POLL") == is.event {
				words = append(words, is.word)
			}
		}
	}
	if strings.Contains(events, "POLLHUP") {
		words = append(words, "hung up")
	}
	return cmp.Or(strings.Join(words, " and "), events)
}

func (c *scene) controlled(call *recording.Call) string {
	w := call.Watch[0]
	what := object(w.FD, c.s.Process(call.Process()).What(w.FD))
	switch call.Args {
	case "EPOLL_CTL_ADD":
		return fmt.Sprintf("epoll_ctl adds %s to the interest list, for %s.", what, w.Events)
	case "EPOLL_CTL_DEL":
		return fmt.Sprintf("epoll_ctl takes %s off the interest list.", what)
	}
	return fmt.Sprintf("epoll_ctl changes what is of interest about %s: now %s.", what, w.Events)
}

// failed says that a call failed, and what the error means.
func failed(call *recording.Call, what string) string {
	switch call.Name + " " + call.Error {
	case "accept4 EAGAIN":
		return "accept4 finds the accept queue empty (EAGAIN)."
	case "accept4 EMFILE":
		return "accept4 fails: the process has no descriptor left (EMFILE)."
	case "read EAGAIN":
		return fmt.Sprintf("read finds nothing of %s to take (EAGAIN).", what)
	case "read ECONNRESET":
		return fmt.Sprintf("read fails: %s was reset (ECONNRESET).", what)
	case "read ERESTARTSYS":
		return "A signal interrupts read. The kernel makes the call again by itself (ERESTARTSYS)."
	}
	return fmt.Sprintf("%s fails for %s: %s.", call.Name, what, call.Error)
}

// plainly says what a call did for which there is no better sentence.
func (c *scene) plainly(call *recording.Call) string {
	var opened []string
	for _, d := range call.Opened {
		opened = append(opened, object(d.FD, d.What))
	}
	what := object(call.FD, call.What)
	switch {
	case call.Name == "fcntl" && strings.Contains(call.Args, "O_NONBLOCK"):
		return fmt.Sprintf("fcntl makes %s non-blocking.", what)
	case call.Name == "fcntl" && strings.Contains(call.Args, "FD_CLOEXEC"):
		return fmt.Sprintf("fcntl has %s closed when another program is started.", what)
	case call.Name == "getsockname":
		return fmt.Sprintf("getsockname asks for the own address of %s.", what)
	case call.Name == "getpeername":
		return fmt.Sprintf("getpeername asks for the other side's address of %s.", what)
	case call.Name == "setsockopt":
		return fmt.Sprintf("setsockopt turns %s on for %s.", call.Args, what)
	case call.Name == "listen":
		return fmt.Sprintf("listen makes %s, with an accept queue.", what)
	case call.Name == "setrlimit":
		return fmt.Sprintf("setrlimit limits the process's descriptors (%s).", call.Args)
	}
	text := call.Name
	if call.FD >= 0 {
		text += " for " + what
	}
	if call.Args != "" {
		text += fmt.Sprintf(" (%s)", call.Args)
	}
	if opened != nil {
		return fmt.Sprintf("%s opens %s.", text, strings.Join(opened, " and "))
	}
	return text + " succeeds."
}

// rest says where the program waits.
func (c *scene) rest() string {
	if len(c.s.Processes) == 0 {
		return "The program has ended."
	}
	loops, in := 0, map[string]int{}
	var last *recording.Call
	for _, row := range c.s.Rows {
		if isLoop(row.Name) && row.In != nil {
			loops++
			in[row.In.Name]++
			last = row.In
		}
	}
	switch {
	case loops == 0:
		return "It waits for nothing that is shown here."
	case c.hasWorkers():
		return fmt.Sprintf("%s in %s.", many(in[last.Name], "worker waits", "workers wait"), last.Name)
	case last.FD >= 0 && last.Name != "epoll_wait":
		return fmt.Sprintf("It waits inside %s for %s.", last.Name, object(last.FD, last.What))
	}
	return fmt.Sprintf("It waits in %s.", last.Name)
}

// object returns a descriptor, and what it stands for.
func object(fd int, what string) string {
	switch {
	case fd < 0:
		return "it"
	case what == "":
		return fmt.Sprintf("descriptor %d", fd)
	}
	return fmt.Sprintf("descriptor %d (%s)", fd, longName(what))
}

// longName returns the name of a descriptor as sentences have it.
func longName(what string) string {
	if isServer(what) {
		return "the listening socket" + strings.TrimPrefix(what, "server")
	}
	switch what {
	case "stop":
		return "the stop pipe"
	case "log":
		return "the log"
	case "epoll":
		return "the epoll instance"
	}
	return what
}

func many(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}
