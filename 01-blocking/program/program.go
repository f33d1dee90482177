// Package program is what the main functions share: flags, the listening
// socket, and the exit status.
//
// The status is 0 after SIGINT or SIGTERM, 1 with one line on standard error
// when the program cannot go on, and 2 for flags that make no sense.
package program

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"time"

	"example.com/echo/01-blocking/eventlog"
	"example.com/echo/01-blocking/sock"
	"golang.org/x/sys/unix"
)

// Main runs a program called name, whose loop serves the clients of a listening
// socket and returns only if it cannot go on. Main does not return.
func Main(name string, serve func(*sock.Socket, *eventlog.Log) error) {
	p := New(name)
	p.Parse(os.Args[1:])
	server, err := sock.Listen(p.Addr)
	if err != nil {
		p.Exit(err)
	}
	// With its first timer Go opens two descriptors of its own, 4 and 5 here. It
	// crashes if none are left by then, so this is the time.
	time.Sleep(time.Nanosecond)
	log := p.NewLog()
	log.ServerCreated(server.String())
	p.endAtSignal(log)
	p.Exit(serve(server, log))
}

// endAtSignal ends the program at SIGINT or SIGTERM. The loop cannot do that:
// it waits inside read, and a signal does not end that wait.
func (p *Program) endAtSignal(log *eventlog.Log) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, unix.SIGINT, unix.SIGTERM)
	go func() {
		<-signals
		p.End(log)
	}()
}

// End writes out the logs and ends the program with status 0. If nobody reads
// them, it waits for a second, and prints on standard error that lines are lost.
func (p *Program) End(logs ...*eventlog.Log) {
	lost := time.AfterFunc(time.Second, func() {
		p.Complain(ErrLogLost)
		os.Exit(0)
	})
	for _, log := range logs {
		log.Flush()
	}
	lost.Stop()
	os.Exit(0)
}

// ErrLogLost is what a program prints that had to end before its log was read.
var ErrLogLost = errors.New("nobody reads standard output: the last lines of the log are lost")

// A Program is one run of a server: its name and the flags that all have.
type Program struct {
	Flags *flag.FlagSet // to add flags to, before Parse
	Addr  netip.AddrPort
	Quiet bool

	name string
}

// New returns a Program with the flags -addr and -quiet.
func New(name string) *Program {
	p := &Program{
		Flags: flag.NewFlagSet(name, flag.ContinueOnError),
		Addr:  netip.MustParseAddrPort("127.0.0.1:1337"),
		name:  name,
	}
	p.Flags.SetOutput(io.Discard) // Parse prints the error, in one line
	p.Flags.Var((*address)(&p.Addr), "addr", "listen on `HOST:PORT`; port 0 picks a free one, and the log says which")
	p.Flags.BoolVar(&p.Quiet, "quiet", false, "write no log: for measuring")
	return p
}

// Parse reads the flags from args. If they make no sense, it prints why in one
// line and ends the program with status 2.
func (p *Program) Parse(args []string) {
	err := p.Flags.Parse(args)
	if err == flag.ErrHelp {
		fmt.Fprintf(os.Stderr, "Usage of %s:\n", p.name)
		p.Flags.SetOutput(os.Stderr)
		p.Flags.PrintDefaults()
		os.Exit(0)
	}
	if err == nil && p.Flags.NArg() > 0 {
		err = fmt.Errorf("unexpected argument %q", p.Flags.Arg(0))
	}
	if err != nil {
		p.BadFlags(err)
	}
	if err := checkDescriptors(); err != nil {
		p.Exit(err)
	}
}

// checkDescriptors returns an error if the process may open so few descriptors
// that none would be left for the first client of some lesson. Source:
// getrlimit(2), RLIMIT_NOFILE.
func checkDescriptors() error {
	const needed = 11
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("getrlimit: %w", err)
	}
	if limit.Cur < needed {
		return fmt.Errorf("%d open files are too few (ulimit -n): %d are needed", limit.Cur, needed)
	}
	return nil
}

// BadFlags prints in one line why the flags make no sense, and ends the program
// with status 2.
func (p *Program) BadFlags(err error) {
	p.Complain(err)
	os.Exit(2)
}

// Exit ends the program: with status 0 if err is nil, or else with status 1
// and the error in one line on standard error.
func (p *Program) Exit(err error) {
	if err == nil {
		os.Exit(0)
	}
	p.Complain(err)
	os.Exit(1)
}

// Complain prints the error in one line on standard error.
func (p *Program) Complain(err error) {
	signal.Ignore(unix.SIGPIPE) // nobody may read it; the exit status still counts
	line := strings.ReplaceAll(err.Error(), "\n", " ")
	fmt.Fprintf(os.Stderr, "%s: %s\n", p.name, line)
}

// NewLog returns the log on standard output; with -quiet it writes nothing.
func (p *Program) NewLog() *eventlog.Log {
	if p.Quiet {
		return eventlog.New(nil)
	}
	return eventlog.New(eventlog.Output(unix.Stdout))
}

// An address is the value of -addr.
type address netip.AddrPort

func (a *address) String() string { return netip.AddrPort(*a).String() }

func (a *address) Set(text string) error {
	if port, ok := strings.CutPrefix(text, "localhost:"); ok {
		text = "127.0.0.1:" + port
	}
	if colon := strings.LastIndexByte(text, ':'); colon >= 0 {
		if _, err := strconv.ParseUint(text[colon+1:], 10, 16); err != nil {
			return errors.New("want a port from 0 to 65535")
		}
	}
	addr, err := netip.ParseAddrPort(text)
	switch {
	case err != nil:
		return errors.New("want a number as host, and a port, as in 127.0.0.1:1337 or [::1]:0")
	case addr.Addr().Zone() != "":
		return errors.New("want an address without a zone")
	case addr.Addr().Is4In6():
		return errors.New("want an IPv4 address as 127.0.0.1 is written")
	}
	*a = address(addr)
	return nil
}
