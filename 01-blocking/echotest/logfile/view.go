package logfile

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"example.com/echo/01-blocking/eventlog"
)

// A View says what of a log a golden file shows.
type View int

const (
	// InOrder shows every line in its place, with the real descriptors. Ports
	// and process ids are replaced by names.
	InOrder View = iota
	// ByConnection shows each worker's and each connection's own lines together:
	// with several workers the order between them is not fixed, nor are the
	// descriptors. It joins a connection's neighbouring messages: where the
	// kernel cuts a stream into messages is not fixed either.
	ByConnection
	// Collapsed is ByConnection, and counts those whose lines are the same.
	Collapsed
)

// Names are what a log is shown with: those of the clients, by port; and which of
// them were sent what differs from run to run.
type Names struct {
	Clients map[int]string
	Vague   map[int]bool
}

// Render returns the log as the view shows it.
func Render(events []Event, view View, names Names) string {
	r := renderer{view, names}
	if view == InOrder {
		var b strings.Builder
		for _, e := range events {
			b.WriteString(r.line(e))
		}
		return b.String()
	}
	return r.groups(events)
}

type renderer struct {
	view View
	Names
}

// groups renders the server's lines, then each worker's, then each client's in
// the order of their names.
func (r *renderer) groups(events []Event) string {
	type group struct {
		kind int
		name string
	}
	lines := map[group][]Event{}
	for _, e := range events {
		g := group{0, ""}
		switch e.Kind {
		case ServerCreated:
		case WorkerState:
			g = group{1, e.Worker.Name}
		default:
			g = group{2, r.name(e.Socket.RemotePort)}
		}
		lines[g] = append(lines[g], e)
	}
	keys := slices.Collect(maps.Keys(lines))
	slices.SortFunc(keys, func(a, b group) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(len(a.name), len(b.name)), cmp.Compare(a.name, b.name))
	})
	var texts [3][]string // by kind
	for _, key := range keys {
		var b strings.Builder
		for _, e := range joined(lines[key]) {
			b.WriteString(r.line(e))
		}
		texts[key.kind] = append(texts[key.kind], b.String())
	}
	if r.view == Collapsed {
		for kind := range texts {
			texts[kind] = collapse(texts[kind])
		}
	}
	return strings.Join(slices.Concat(texts[:]...), "\n")
}

// joined makes one message of neighbouring ones.
func joined(events []Event) []Event {
	var all []Event
	for len(events) > 0 {
		e, n := events[0], 1
		if e.Kind == DataSent {
			var parts [][]byte
			for n = 0; n < len(events) && events[n].Kind == DataSent; n++ {
				parts = append(parts, events[n].Data)
			}
			e.Data = slices.Concat(parts...)
		}
		all, events = append(all, e), events[n:]
	}
	return all
}

var serial = regexp.MustCompile(`(Process|Thread|<[a-z]+)-\d+`)

// collapse replaces texts that differ only in the numbers of names by one, with
// their count; which of the alike comes first is not fixed, so they are sorted.
func collapse(texts []string) []string {
	count := map[string]int{}
	for _, text := range texts {
		count[serial.ReplaceAllString(text, "$1-<n>")]++
	}
	var collapsed []string
	for _, text := range slices.Sorted(maps.Keys(count)) {
		collapsed = append(collapsed, fmt.Sprintf("%d of:\n%s", count[text], text))
	}
	return collapsed
}

func (r *renderer) name(port int) string {
	if name, ok := r.Clients[port]; ok {
		return "<" + name + ">"
	}
	return "<stranger>"
}

// line renders one event as the log has it, with names for what differs from
// run to run.
func (r *renderer) line(e Event) string {
	switch e.Kind {
	case ServerCreated, ClientClosed:
		return fmt.Sprintf("%s%s\n", e.Kind, r.socket(e.Socket))
	case ClientCreated:
		return fmt.Sprintf("%s%s with addr %s\n", e.Kind, r.socket(e.Socket), r.address(e.Socket.RemoteHost, r.name(e.Socket.RemotePort)))
	case DataSent:
		return fmt.Sprintf("%s%s to %s\n", e.Kind, r.data(e), r.socket(e.Socket))
	case ClientLost:
		return fmt.Sprintf("%s%s: %s\n", e.Kind, r.socket(e.Socket), e.Reason)
	}
	if strings.HasPrefix(e.Worker.Name, "Thread") {
		return fmt.Sprintf("<Thread(%s, %s <id>)>\n", e.Worker.Name, e.Worker.State)
	}
	return fmt.Sprintf("<Process name='%s' pid=<pid> parent=<pid> %s>\n", e.Worker.Name, e.Worker.State)
}

func (r *renderer) socket(s Socket) string {
	fd := fmt.Sprint(s.FD)
	if r.view != InOrder {
		fd = "<fd>"
	}
	text := fmt.Sprintf("<socket.socket fd=%s, family=%d, type=1, proto=0, laddr=%s", fd, s.Family, r.address(s.LocalHost, "<port>"))
	if s.RemotePort != 0 {
		text += ", raddr=" + r.address(s.RemoteHost, r.name(s.RemotePort))
	}
	return text + ">"
}

func (r *renderer) address(host, port string) string {
	if strings.Contains(host, ":") {
		return fmt.Sprintf("('%s', %s, 0, 0)", host, port)
	}
	return fmt.Sprintf("('%s', %s)", host, port)
}

// data renders what was sent: of much its length and hash, and of what differs
// from run to run only that it was something.
func (r *renderer) data(e Event) string {
	const much = 1000
	switch {
	case r.Vague[e.Socket.RemotePort]:
		return "<as much as it took>"
	case len(e.Data) > much:
		return fmt.Sprintf("<%d bytes, sha256 %x>", len(e.Data), sha256.Sum256(e.Data))
	}
	return string(eventlog.AppendBytes(nil, e.Data))
}

var descriptor = regexp.MustCompile(`<socket\.socket fd=\d+`)

// WithoutDescriptors hides in a rendered log what another program may number
// otherwise.
func WithoutDescriptors(log string) string {
	return descriptor.ReplaceAllString(log, "<socket.socket fd=<fd>")
}

// ClientLines leaves out of a rendered log the lines of the server and its
// workers.
func ClientLines(log string) string {
	lines := slices.DeleteFunc(strings.SplitAfter(log, "\n"), func(line string) bool {
		return strings.HasPrefix(line, string(ServerCreated)) || strings.HasPrefix(line, string(WorkerState))
	})
	return strings.TrimLeft(strings.Join(lines, ""), "\n")
}
