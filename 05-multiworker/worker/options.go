package worker

import (
	"flag"
	"fmt"
	"slices"
	"strings"
)

// maxWorkers is a typing error's limit, not the machine's.
const maxWorkers = 1000

// options are the flags that lesson 5 adds.
type options struct {
	workers int
	kind    string
	loop    string
	listen  string
}

// add makes the options flags of flags, with the original's defaults: four
// processes that each wait in select for one shared socket.
func (o *options) add(flags *flag.FlagSet) {
	*o = options{workers: 4, kind: "process", loop: "select", listen: "shared"}
	flags.IntVar(&o.workers, "workers", o.workers, "run `N` workers")
	flags.Var(oneOf{&o.kind, []string{"process", "thread"}}, "kind", "each worker a `process or thread`")
	flags.Var(oneOf{&o.loop, loopNames}, "loop", "how a worker waits: `select, poll, epoll or blocking`")
	flags.Var(oneOf{&o.listen, []string{"shared", "reuseport"}}, "listen", "one socket for all workers, or one each: `shared or reuseport`")
}

// check returns an error for options that make no sense, or not here.
func (o *options) check() error {
	if o.workers < 1 || o.workers > maxWorkers {
		return fmt.Errorf("invalid value \"%d\" for flag -workers: want 1 to %d", o.workers, maxWorkers)
	}
	_, err := findLoop(o.loop)
	return err
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
