// Package worker runs N workers, each a loop of an earlier lesson, on one
// listening socket: it starts them, watches them, starts them again when they
// die, and stops them.
//
// With -kind process the supervisor is a program of its own, which serves
// nobody and starts N copies of itself; each inherits the listening socket.
// With -kind thread the workers are N loops in one process, each on its own
// thread of the operating system.
package worker

import (
	"os"

	"example.com/echo/01-blocking/eventlog"
	"example.com/echo/01-blocking/program"
	"example.com/echo/01-blocking/sock"
	"example.com/echo/02-select/fdset"
)

// Main runs lesson 5 as a program called name. It does not return.
func Main(name string) {
	if len(os.Args) > 2 && os.Args[1] == childArgument {
		runChild(name, os.Args[2], os.Args[3:])
	}
	p, o := program.New(name), new(options)
	o.add(p.Flags)
	p.Parse(os.Args[1:])
	if err := o.check(); err != nil {
		p.BadFlags(err)
	}
	p.Exit(run(p, o))
}

func run(p *program.Program, o *options) error {
	loop, err := findLoop(o.loop)
	if err != nil {
		return err
	}
	sockets, err := listen(p.Addr, o)
	if err != nil {
		return err
	}
	if o.loop == "select" {
		// A worker process gets its socket as descriptor 3. But if this one's
		// number is too high, so many are open that the clients' will be too.
		if err := fdset.Check(sockets[len(sockets)-1].FD()); err != nil {
			return err
		}
	}
	out := newOutput(p.Quiet)
	log := out.newLog()
	for _, s := range sockets {
		log.ServerCreated(s.String())
	}
	if o.kind == "thread" {
		return runThreads(p, o, loop, sockets, out, log)
	}
	return (&supervisor{program: p, options: o, sockets: sockets, out: out, log: log}).run()
}

// newLog returns a log whose lines out keeps whole.
func (out *output) newLog() *eventlog.Log {
	if out.quiet {
		return eventlog.New(nil)
	}
	return eventlog.New(out)
}

// closeAll closes sockets that others have descriptors of, or nobody needs.
func closeAll(sockets []*sock.Socket) {
	for _, s := range sockets {
		s.Close()
	}
}
