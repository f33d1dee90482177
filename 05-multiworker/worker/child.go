package worker

import (
	"errors"
	"os"
	"os/signal"

	"example.com/echo/01-blocking/eventlog"
	"example.com/echo/01-blocking/program"
	"example.com/echo/01-blocking/sock"
	"example.com/echo/01-blocking/stop"
	"golang.org/x/sys/unix"
)

// childArgument is the first argument of a worker process, the second is its
// name: so ps(1) tells who is who.
const childArgument = "worker"

// What start gives a worker process.
const (
	logFD      = 1
	serverFD   = 3
	lifelineFD = 4
)

// runChild runs the worker called name in this process. It does not return.
func runChild(programName, name string, args []string) {
	// Ctrl-C reaches the whole group of processes. The supervisor alone obeys
	// it, and then tells its workers: one that went by itself would be started
	// again.
	signal.Ignore(unix.SIGINT)

	p, o := program.New(programName+": "+name), new(options)
	o.add(p.Flags)
	p.Parse(args)
	err := serve(o.loop, p.Quiet)
	if errors.Is(err, unix.EPIPE) {
		os.Exit(1) // the supervisor is gone, and so is whoever would read why
	}
	p.Exit(err)
}

func serve(loopName string, quiet bool) error {
	loop, err := findLoop(loopName)
	if err != nil {
		return err
	}
	server, err := sock.Inherit(serverFD)
	if err != nil {
		return err
	}
	stopping, err := stop.New()
	if err != nil {
		return err
	}
	stop.OnSignals(stopping.Send, func() { os.Exit(0) })
	unix.CloseOnExec(lifelineFD)
	go obey(lifelineFD, stopping.Send)

	var out *eventlog.Output
	if !quiet {
		out = eventlog.NewOutput(logFD)
	}
	return loop.run(server, eventlog.New(out), stopping)
}

// obey calls stop when the supervisor has written to the lifeline, and ends the
// process when the supervisor has ended, however that came about: the kernel
// then closes its end. A worker that stayed would hold the port, and nobody
// would read its log.
//
// Nobody reads what is written, so that every worker sees it, also one that is
// only starting: a signal would end that one, with clients in its queue.
func obey(lifeline int32, stop func()) {
	wait := []unix.PollFd{{Fd: lifeline, Events: unix.POLLIN}}
	for {
		if _, err := unix.Poll(wait, -1); err == unix.EINTR {
			continue
		}
		if wait[0].Revents&unix.POLLIN == 0 {
			os.Exit(1)
		}
		stop()
		wait[0].Events = 0 // POLLHUP comes unasked
	}
}
