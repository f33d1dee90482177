package worker

import (
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.com/echo/01-blocking/sock"
	"example.com/echo/02-select/stop"
)

// maxWorkers catches typing errors; the machine could run more.
const maxWorkers = 1000

// options are the flags that lesson 5 adds.
type options struct {
	workers int
	kind    string
	loop    string
	listen  string
	grace   *time.Duration
}

// add makes the options flags of flags, with the original's defaults: four
// processes that each wait in select for one shared socket.
func (o *options) add(flags *flag.FlagSet) {
	*o = options{workers: 4, kind: "process", loop: "select", listen: "shared", grace: stop.GraceFlag(flags)}
	flags.IntVar(&o.workers, "workers", o.workers, "run `N` workers")
	flags.Var(oneOf{&o.kind, []string{"process", "thread"}}, "kind", "each worker a `process or thread`")
	flags.Var(oneOf{&o.loop, loopNames}, "loop", "how a worker waits: `select, poll or epoll`")
	flags.Var(oneOf{&o.listen, []string{"shared", "exclusive", "reuseport"}}, "listen",
		"`shared, exclusive or reuseport`: one socket, and a client wakes all workers; one socket, and it wakes one (with -loop epoll); or a socket for each")
}

// check returns an error for options that make no sense, or not here.
func (o *options) check() error {
	if o.workers < 1 || o.workers > maxWorkers {
		return fmt.Errorf("invalid value \"%d\" for flag -workers: want 1 to %d", o.workers, maxWorkers)
	}
	if o.listen == "exclusive" && o.loop != "epoll" {
		return errors.New("-listen exclusive: only with -loop epoll")
	}
	_, err := findLoop(o.loop)
	return err
}

// share prepares a worker's loop for sharing the socket as -listen says.
func (o *options) share(socket *sock.Socket) {
	if o.listen == "exclusive" {
		wakeOne(socket.FD())
	}
}

// arguments returns the flags of a worker process.
func (o *options) arguments(quiet bool) []string {
	return []string{"-loop=" + o.loop, "-listen=" + o.listen, fmt.Sprintf("-grace=%v", *o.grace), fmt.Sprintf("-quiet=%t", quiet)}
}

// oneOf is a flag that takes one of a few words.
type oneOf struct {
	value *string
	words []string
}

func (f oneOf) String() string {
	if f.value == nil {
		return ""
	}
	return *f.value
}

func (f oneOf) Set(word string) error {
	if !slices.Contains(f.words, word) {
		return fmt.Errorf("want %s", strings.Join(f.words, ", "))
	}
	*f.value = word
	return nil
}
