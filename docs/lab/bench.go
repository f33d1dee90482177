//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"example.com/echo/docs/lab/load"
	"example.com/echo/docs/repo"
	"github.com/schollz/progressbar/v3"
	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// A bench has everything that the experiments need.
type bench struct {
	context.Context
	root     repo.Root
	programs string // the directory that they are built into
	quick    bool
	progress io.Writer
	bar      *progressbar.ProgressBar

	lessons    []*contender // one process each: of lesson 5 one worker
	goroutines *contender
	peers      []*contender // those of -peers
	cLoop      *contender   // that of the peers which ratios relate to; nil without gcc
	workers    *contender   // lesson 5, to be given flags

	// One processor is the server's and another the clients'. With a processor
	// only, both are nil.
	serverOn, clientsOn []int
	descriptors         int // that a process may have
}

// oneWorker is how lesson 5 is called where it is one of several servers.
const oneWorker = "05-multiworker, 1 worker"

// newBench builds the servers.
func newBench(ctx context.Context, quick, peers bool, progress io.Writer) (*bench, error) {
	root, err := repo.FindRoot()
	if err != nil {
		return nil, err
	}
	programs, err := repo.ProgramDir("lab")
	if err != nil {
		return nil, err
	}
	b := &bench{Context: ctx, root: root, programs: programs, quick: quick, progress: progress}
	if err := errors.Join(b.findProcessors(), b.raiseDescriptors(), b.build(peers)); err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

func (b *bench) close() { os.RemoveAll(b.programs) }

// findProcessors deals out the processors that this process may use.
func (b *bench) findProcessors() error {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return fmt.Errorf("sched_getaffinity: %w", err)
	}
	var all []int
	for i := 0; len(all) < set.Count(); i++ {
		if set.IsSet(i) {
			all = append(all, i)
		}
	}
	if len(all) < 2 {
		fmt.Fprintln(b.progress, "lab: there is one processor only: servers and clients share it, and what is measured is both together")
		return nil
	}
	b.serverOn, b.clientsOn = all[:1], all[1:2]
	return nil
}

func (b *bench) raiseDescriptors() error {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("getrlimit: %w", err)
	}
	b.descriptors = int(min(limit.Max, 1<<20))
	return nil
}

// build builds all servers. Those of the lessons and of -peers write no log.
func (b *bench) build(peers bool) error {
	var built []*contender
	add := func(name, dir string, clients int, args ...string) *contender {
		c := &contender{Name: name, program: filepath.Join(b.programs, filepath.Base(dir)), directory: b.programs, dir: dir, args: args, clients: clients}
		built = append(built, c)
		return c
	}
	b.lessons = []*contender{
		add("01-blocking", "01-blocking", 1, "-quiet"),
		add("02-select", "02-select", 1000, "-quiet"),
		add("03-poll", "03-poll", 0, "-quiet"),
		add("04-epoll", "04-epoll", 0, "-quiet"),
		add(oneWorker, "05-multiworker", 1000, "-quiet", "-workers=1"),
	}
	b.workers = &contender{Name: "05-multiworker", program: b.lessons[4].program, directory: b.programs, args: []string{"-quiet"}}
	b.goroutines = add("net, goroutines", "docs/lab/goroutines", 0)
	if peers {
		if b.has("gcc", "the C loop") {
			b.cLoop = add("C, epoll", "docs/peers/c", 0)
			b.peers = append(b.peers, b.cLoop)
		}
		b.peers = append(b.peers, add("gnet", "docs/peers/gnet", 0),
			add("evio", "docs/peers/evio", 0), add("netpoll", "docs/peers/netpoll", 0))
	}
	b.steps("building", len(built))
	for _, c := range built {
		if err := c.build(b); err != nil {
			return err
		}
		b.step()
	}
	return nil
}

// has says whether a program is there, and if not, what is left out without it.
func (b *bench) has(program, without string) bool {
	_, err := exec.LookPath(program)
	if err != nil {
		fmt.Fprintf(b.progress, "lab: %s is missing: %s is left out\n", program, without)
	}
	return err == nil
}

// build builds the contender's program.
func (c *contender) build(b *bench) error {
	if c != b.cLoop {
		// The tag is gnet's, and what its authors measure with.
		return b.root.Build(b, c.dir, c.program, "-tags=poll_opt")
	}
	cmd := exec.CommandContext(b, "gcc", "-O2", "-o", c.program, b.root.Path(c.dir+"/epoll.c"))
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", cmd, err, text)
	}
	return nil
}

// single returns the contenders that are measured on one processor.
func (b *bench) single() []*contender {
	all := append([]*contender{}, b.lessons...)
	return append(append(all, b.goroutines), b.peers...)
}

// rounds returns how often everything is measured, and for how long.
func (b *bench) rounds(usual int) (rounds int, measure time.Duration) {
	if b.quick {
		return 1, 300 * time.Millisecond
	}
	return usual, time.Second
}

// steps begins a progress bar of n steps.
func (b *bench) steps(what string, n int) {
	b.bar = progressbar.NewOptions(n, progressbar.OptionSetDescription(what), progressbar.OptionSetWriter(b.progress),
		progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30), progressbar.OptionShowCount(),
		progressbar.OptionSetVisibility(!isPlainFile(b.progress)))
}

// isPlainFile says whether out is a file or a pipe, where a bar that moves would
// become many lines.
func isPlainFile(out io.Writer) bool {
	file, ok := out.(*os.File)
	return ok && !term.IsTerminal(int(file.Fd()))
}

func (b *bench) step() { b.bar.Add(1) }

// measure runs a contender, has clients do what the plan says, and ends both.
// What else is to be looked at, with the clients still connected, looks at it.
func (b *bench) measure(c *contender, plan load.Plan, look func(*server), args ...string) (load.Result, error) {
	defer b.step()
	serverOn, clientsOn := b.serverOn, b.clientsOn
	if c.anywhere {
		serverOn, clientsOn = nil, nil
	}
	s, err := c.start(b, serverOn, args...)
	if err != nil {
		return load.Result{}, err
	}
	defer s.stop()
	plan.Addr = s.addr
	d, err := connect(b, plan, clientsOn)
	if err != nil {
		return load.Result{}, fmt.Errorf("%s: %w", c.Name, err)
	}
	defer d.close()
	result, err := d.run(b, s)
	if err != nil {
		return load.Result{}, fmt.Errorf("%s: %w", c.Name, err)
	}
	if look != nil {
		look(s)
	}
	return result, nil
}
