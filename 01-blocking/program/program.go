// Package program is what the five main functions share: flags, the listening
// socket, signals and the exit status.
//
// The status is 0 after SIGINT or SIGTERM, 1 with one line on standard error
// when the program cannot go on, and 2 for flags that make no sense.
package program

import (
	"flag"
	"fmt"
	"io"
	"net/netip"
	"os"
	"runtime/debug"
	"strings"

	"example.com/echo/01-blocking/eventlog"
	"example.com/echo/01-blocking/sock"
	"example.com/echo/01-blocking/stop"
)

// A Loop serves the clients of server until stopping is sent, and closes server.
// All four loops have this form. The server socket is in the mode that the loop
// asks for. It returns nil when it has stopped, or the reason why it cannot go on.
type Loop func(server *sock.Socket, log *eventlog.Log, stopping *stop.Signal) error

// Main runs loop as a program called name. It does not return.
func Main(name string, loop Loop, mode sock.Mode) {
	p := New(name)
	p.Parse(os.Args[1:])
	p.Exit(p.serve(loop, mode))
}

// A Program is one run of a server: its name and the flags that all have.
type Program struct {
	Flags *flag.FlagSet // to add flags to, before Parse
	Addr  netip.AddrPort
	Quiet bool

	name string
}

// collectAt is at how many percent of new garbage the garbage collector runs. A
// message allocates nothing, so there is hardly any, and 20 instead of Go's 100
// costs no time; but of 15,000 idle clients each takes 220 bytes instead of 306.
const collectAt = 20

// New returns a Program with the flags -addr and -quiet.
func New(name string) *Program {
	debug.SetGCPercent(collectAt)
	p := &Program{
		Flags: flag.NewFlagSet(name, flag.ContinueOnError),
		Addr:  netip.MustParseAddrPort("127.0.0.1:1337"),
		name:  name,
	}
	p.Flags.SetOutput(io.Discard) // Parse says it in one line
	p.Flags.Var((*address)(&p.Addr), "addr", "listen on `HOST:PORT`; port 0 picks a free one, and the log says which")
	p.Flags.BoolVar(&p.Quiet, "quiet", false, "write no log: for measuring")
	return p
}

// Parse reads the flags from args. If they make no sense, it says so in one
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
}

// BadFlags says in one line why the flags make no sense, and ends the program
// with status 2.
func (p *Program) BadFlags(err error) {
	p.complain(err)
	os.Exit(2)
}

// Exit ends the program: with status 0 if err is nil, or else with status 1
// and the error in one line on standard error.
func (p *Program) Exit(err error) {
	if err == nil {
		os.Exit(0)
	}
	p.complain(err)
	os.Exit(1)
}

func (p *Program) complain(err error) {
	line := strings.ReplaceAll(err.Error(), "\n", " ")
	fmt.Fprintf(os.Stderr, "%s: %s\n", p.name, line)
}

// NewLog returns the log on standard output, or a quiet one if -quiet says so.
func (p *Program) NewLog() *eventlog.Log {
	if p.Quiet {
		return eventlog.New(nil)
	}
	return eventlog.New(eventlog.NewOutput(int(os.Stdout.Fd())))
}

func (p *Program) serve(loop Loop, mode sock.Mode) error {
	server, err := sock.Listen(p.Addr, mode, false)
	if err != nil {
		return err
	}
	stopping, err := stop.New()
	if err != nil {
		return err
	}
	stop.OnSignals(func() {
		server.SetMode(sock.NonBlocking) // so that accept says when the queue is empty
		stopping.Send()
	}, func() { os.Exit(0) })
	log := p.NewLog()
	log.ServerCreated(server.String())
	return loop(server, log, stopping)
}

// An address is the value of -addr.
type address netip.AddrPort

func (a *address) String() string { return netip.AddrPort(*a).String() }

func (a *address) Set(text string) error {
	if port, ok := strings.CutPrefix(text, "localhost:"); ok {
		text = "127.0.0.1:" + port
	}
	addr, err := netip.ParseAddrPort(text)
	if err != nil || addr.Addr().Zone() != "" || addr.Addr().Is4In6() {
		return fmt.Errorf("want a number as host, and a port, as in 127.0.0.1:1337 or [::1]:0")
	}
	*a = address(addr)
	return nil
}
