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
	sockets, err := listen(p, o, loop.mode)
	if err != nil {
		return err
	}
	if o.loop == "select" {
		// A worker process has its socket lower, but where this one is so high
		// the worker inherits what takes the places below, and its clients are.
		if err := fdset.Check(sockets[len(sockets)-1].FD()); err != nil {
			return err
		}
	}
	log := p.NewLog()
	for _, s := range sockets {
		log.ServerCreated(s.String())
	}
	if o.kind == "thread" {
		return runThreads(loop.run, o.workers, sockets, log)
	}
	s := &supervisor{options: o, quiet: p.Quiet, sockets: sockets, log: log}
	return s.run()
}

// listen returns the sockets to serve: one for all workers, or one for each.
// The supervisor opens them, also those of reuseport, and keeps them: clients
// that wait in the queue of a worker that died find the next one there.
func listen(p *program.Program, o *options, mode sock.Mode) ([]*sock.Socket, error) {
	if o.listen == "reuseport" {
		return sock.ListenShared(p.Addr, mode, o.workers)
	}
	s, err := sock.Listen(p.Addr, mode, false)
	if err != nil {
		return nil, err
	}
	return []*sock.Socket{s}, nil
}
