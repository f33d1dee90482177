// Package logfile takes an event log apart, follows one that is being written,
// and shows it with names for what differs from run to run.
package logfile

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"example.com/echo/01-blocking/eventlog"
)

// An Event is one line of the event log, taken apart.
type Event struct {
	Kind   Kind
	Data   []byte // of DataSent
	Socket Socket // of all kinds but Worker
	Reason string // of ClientLost
	Worker Worker // of WorkerState
}

// A Kind is what an Event tells.
type Kind string

// The kinds, by how their lines begin.
const (
	ServerCreated Kind = "Created server sock "
	ClientCreated Kind = "Created client sock "
	DataSent      Kind = "Data sent "
	ClientClosed  Kind = "Closed client sock "
	ClientLost    Kind = "Lost client sock "
	WorkerState   Kind = "<"
)

// A Socket is what a log line tells of a socket.
type Socket struct {
	FD                    int
	Family                int
	LocalHost, RemoteHost string
	LocalPort, RemotePort int // RemotePort is 0 for a listening socket
}

// A Worker is what a log line tells of a worker: a process or a thread.
type Worker struct {
	Name  string // Process-1 or Thread-1 (worker)
	ID    int    // of the process or the thread
	State string // "started", "stopped exitcode=-SIGKILL", "stopped"
}

const socketPattern = `<socket\.socket fd=(\d+), family=(\d+), type=1, proto=0, ` +
	`laddr=\('([^']*)', (\d+)(?:, 0, \d+)?\)(?:, raddr=\('([^']*)', (\d+)(?:, 0, \d+)?\))?>`

var (
	socketLine  = regexp.MustCompile(`^` + socketPattern + `(.*)$`)
	addrSuffix  = regexp.MustCompile(`^ with addr \('([^']*)', (\d+)(?:, 0, \d+)?\)$`)
	processLine = regexp.MustCompile(`^<Process name='([^']*)' pid=(\d+) parent=\d+ (started|stopped exitcode=\S+)>$`)
	threadLine  = regexp.MustCompile(`^<Thread\((Thread-\d+ \(worker\)), (started|stopped) (\d+)\)>$`)
)

// ParseLine takes a line of the log apart, without its newline. It is strict:
// a line that is torn, mixed with another or forged by a client's data is an
// error.
func ParseLine(line string) (Event, error) {
	for _, kind := range []Kind{ServerCreated, ClientCreated, DataSent, ClientClosed, ClientLost} {
		rest, ok := strings.CutPrefix(line, string(kind))
		if !ok {
			continue
		}
		e := Event{Kind: kind}
		var err error
		if kind == DataSent {
			if e.Data, rest, err = parseBytes(rest); err != nil {
				return e, fmt.Errorf("%w in the line %.200q", err, line)
			}
			literal := line[len(kind) : len(line)-len(rest)]
			if string(eventlog.AppendBytes(nil, e.Data)) != literal {
				return e, fmt.Errorf("bytes that Python would not write so in the line %.200q", line)
			}
			if rest, ok = strings.CutPrefix(rest, " to "); !ok {
				return e, fmt.Errorf("no ' to ' after the bytes in the line %.200q", line)
			}
		}
		if err := e.parseSocket(rest); err != nil {
			return e, fmt.Errorf("%w in the line %.200q", err, line)
		}
		return e, nil
	}
	if m := processLine.FindStringSubmatch(line); m != nil {
		return Event{Kind: WorkerState, Worker: Worker{Name: m[1], ID: number(m[2]), State: m[3]}}, nil
	}
	if m := threadLine.FindStringSubmatch(line); m != nil {
		return Event{Kind: WorkerState, Worker: Worker{Name: m[1], ID: number(m[3]), State: m[2]}}, nil
	}
	return Event{}, fmt.Errorf("a line that is none of the log's: %.200q", line)
}

// ParseSocket takes the text of a socket apart.
func ParseSocket(text string) (Socket, error) {
	var e Event
	err := e.parseSocket(text)
	return e.Socket, err
}

func (e *Event) parseSocket(text string) error {
	m := socketLine.FindStringSubmatch(text)
	if m == nil {
		return fmt.Errorf("no socket")
	}
	e.Socket = Socket{
		FD: number(m[1]), Family: number(m[2]),
		LocalHost: m[3], LocalPort: number(m[4]),
		RemoteHost: m[5], RemotePort: number(m[6]),
	}
	rest := m[7]
	switch e.Kind {
	case ClientCreated:
		addr := addrSuffix.FindStringSubmatch(rest)
		if addr == nil || addr[1] != e.Socket.RemoteHost || number(addr[2]) != e.Socket.RemotePort {
			return fmt.Errorf("%q, which does not repeat the peer's address,", rest)
		}
		rest = ""
	case ClientLost:
		var ok bool
		if e.Reason, ok = strings.CutPrefix(rest, ": "); !ok {
			return fmt.Errorf("no reason")
		}
		rest = ""
	}
	if rest != "" {
		return fmt.Errorf("something behind the socket: %q", rest)
	}
	return nil
}

// number is for digits that a pattern has found; none are 0.
func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}
