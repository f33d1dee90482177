package worker

import (
	"errors"
	"os"
	"os/signal"

	"example.com/echo/01-blocking/program"
	"example.com/echo/02-select/stop"
	"golang.org/x/sys/unix"
)

// childArgument is the first argument of a worker process, the second is its
// name: so ps(1) tells who is who.
const childArgument = "worker"

// What start gives a worker process.
const (
	serverFD   = 3
	lifelineFD = 4
	startingFD = 9
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
	err := serve(p, o)
	if errors.Is(err, unix.EPIPE) {
		os.Exit(1) // the supervisor is gone, and so is whoever would read why
	}
	p.Exit(err)
}

func serve(p *program.Program, o *options) error {
	loop, err := findLoop(o.loop)
	if err != nil {
		return err
	}
	server, err := inherit(serverFD)
	if err != nil {
		return err
	}
	o.share(server)
	stopping, err := stop.New()
	if err != nil {
		return err
	}
	log := p.NewLog()
	stop.OnSignals(*o.grace, stopping.Send, func() { p.End(log) })
	unix.CloseOnExec(lifelineFD)
	go obey(lifelineFD, stopping.Send)
	unix.Write(startingFD, []byte{1}) // up: a signal does not end this process any more
	unix.Close(startingFD)
	if err := loop(server, log, stopping); err != nil {
		return err
	}
	return log.Flush()
}

// obey calls stop when the supervisor has written to the lifeline, and ends the
// process when the supervisor has ended. A worker that stayed would hold the
// port, and nobody would read its log.
//
// Nobody reads the byte, so every worker sees it, even one that is only
// starting.
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
		wait[0].Events = 0 // POLLHUP is reported unasked
	}
}
