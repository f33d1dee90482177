//go:build linux

package main

import (
	"os"
	"regexp"
	"strconv"
	"strings"

	"example.com/echo/docs/lab/figures"
	"example.com/echo/docs/lab/load"
)

// traced are the system calls that an echo is made of, by their names in strace,
// and those that tell which epoll descriptor is which.
const traced = "listen,read,recvfrom,write,sendto,writev,select,pselect6,poll,ppoll,epoll_wait,epoll_pwait,epoll_ctl"

var (
	systemCalls = figures.Column{Name: "system calls per echo", Digits: 2}
	waits       = figures.Column{Name: "of them waits", Digits: 2}
	examined    = figures.Column{Name: "descriptors examined per echo", Digits: 1}
)

// calls counts system calls, which needs no clock: one client speaks, and others
// are there.
func calls(b *bench) (*figures.Table, error) {
	t := &figures.Table{X: "idle clients", Columns: []figures.Column{systemCalls, waits, examined}}
	b.steps(t.X, 3*len(b.single()))
	for _, c := range b.single() {
		for _, idle := range []int{0, 100, 900} {
			if !b.fits(t, c, 1+idle) {
				b.step()
				continue
			}
			values, err := b.callsPerEcho(c, idle)
			if err != nil {
				return nil, err
			}
			t.Add(c.Name, float64(idle), []map[string]float64{values})
		}
	}
	return t, nil
}

// callsPerEcho returns how many calls an echo takes when one client speaks 1,000
// times.
func (b *bench) callsPerEcho(c *contender, idle int) (map[string]float64, error) {
	const echoes = 1000
	defer b.step()
	traceable := *c
	traceable.calls = traced
	s, err := traceable.start(b, b.serverOn)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	d, err := connect(b, load.Plan{Addr: s.addr, Busy: 1, Idle: idle, Size: messageSize, Echoes: echoes}, b.clientsOn)
	if err != nil {
		return nil, err
	}
	defer d.close()
	before, err := os.ReadFile(s.trace) // strace holds who calls until it has written that
	if err != nil {
		return nil, err
	}
	if _, err := d.run(b, s); err != nil {
		return nil, err
	}
	all, err := os.ReadFile(s.trace)
	if err != nil {
		return nil, err
	}
	start, whole := count(before), count(all)
	per := func(n int) float64 { return float64(n) / echoes }
	return map[string]float64{
		systemCalls.Name: per(whole.calls - start.calls),
		waits.Name:       per(whole.waits - start.waits),
		examined.Name:    per(whole.examined - start.examined),
	}, nil
}

// A tally is what a trace has.
type tally struct{ calls, waits, examined int }

var (
	call     = regexp.MustCompile(`^\d+ +(\w+)\((\d*)(.*) = (-?\d+)`)
	listSize = regexp.MustCompile(`\], (\d+), `)
)

// count reads strace's text. Waits of an epoll descriptor that was not told of
// the listening socket do not count: they are the Go runtime's own.
func count(trace []byte) tally {
	var n tally
	var listener, epoll string
	unfinished := map[string]string{} // by thread
	for line := range strings.Lines(string(trace)) {
		line = whole(strings.TrimSuffix(line, "\n"), unfinished)
		m := call.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		name, first, rest := m[1], m[2], m[3]
		result, _ := strconv.Atoi(m[4])
		switch name {
		case "listen":
			listener = first
			continue
		case "epoll_ctl":
			if strings.HasPrefix(rest, ", EPOLL_CTL_ADD, "+listener+",") {
				epoll = first
			}
			n.calls++
			continue
		case "epoll_wait", "epoll_pwait":
			if first != epoll {
				continue
			}
			n.waits++
			n.examined += max(result, 0)
		case "select", "pselect6":
			n.waits++
			bits, _ := strconv.Atoi(first)
			n.examined += bits
		case "poll", "ppoll":
			n.waits++
			if size := listSize.FindStringSubmatch(rest); size != nil {
				entries, _ := strconv.Atoi(size[1])
				n.examined += entries
			}
		}
		n.calls++
	}
	return n
}

// whole returns a call in one line; strace cuts it in two where another thread
// calls something in between. It returns "" for the first part.
func whole(line string, unfinished map[string]string) string {
	thread, _, _ := strings.Cut(line, " ")
	if start, found := strings.CutSuffix(line, " <unfinished ...>"); found {
		unfinished[thread] = start
		return ""
	}
	if _, end, found := strings.Cut(line, " resumed>"); found {
		return unfinished[thread] + end
	}
	return line
}
