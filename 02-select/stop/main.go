package stop

import (
	"flag"
	"os"
	"time"

	"example.com/echo/01-blocking/eventlog"
	"example.com/echo/01-blocking/program"
	"example.com/echo/01-blocking/sock"
)

// A Loop serves the clients of server until stopping is sent, and closes
// server. It returns nil when the last client has left, or the reason why it
// cannot go on. The caller flushes log in the end.
type Loop func(server *sock.Socket, log *eventlog.Log, stopping *Signal) error

// Main runs loop as a program called name that stops in good order at SIGINT or
// SIGTERM. It does not return.
func Main(name string, loop Loop) {
	p := program.New(name)
	grace := GraceFlag(p.Flags)
	p.Parse(os.Args[1:])
	p.Exit(serve(p, *grace, loop))
}

// GraceFlag adds the flag -grace: how long a stopping program waits for clients
// that do not leave.
func GraceFlag(flags *flag.FlagSet) *time.Duration {
	return flags.Duration("grace", 5*time.Second, "when told to stop, give clients this `time` to leave")
}

func serve(p *program.Program, grace time.Duration, loop Loop) error {
	server, err := sock.Listen(p.Addr)
	if err != nil {
		return err
	}
	stopping, err := New()
	if err != nil {
		return err
	}
	log := p.NewLog()
	OnSignals(grace, stopping.Send, func() { p.End(log) })
	log.ServerCreated(server.String())
	if err := loop(server, log, stopping); err != nil {
		return err
	}
	return log.Flush()
}
