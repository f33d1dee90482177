//go:build linux

package main

import (
	"fmt"
	"slices"

	"example.com/echo/docs/lab/figures"
	"example.com/echo/docs/lab/load"
)

// An experiment measures one thing about all servers that can take part.
type experiment struct {
	name, title string
	run         func(*bench) (*figures.Table, error)
	onRequest   bool // not among those that are done if nothing is said
}

// experiments are all of them, in the order in which they are done and shown.
var experiments = []experiment{
	{name: "throughput", title: "echoes per second, by how many clients speak all the time", run: throughput},
	{name: "idle", title: "what idle clients cost 100 busy ones", run: idle},
	{name: "latency", title: "percentiles of how long an echo takes, in µs, while 100 clients send 20,000 messages per second", run: latency},
	{name: "memory", title: "what an idle connection costs the server in memory", run: memory},
	{name: "workers", title: "echoes per second of 100 busy clients on all processors, by worker", run: workers},
	{name: "spread", title: "how connections are dealt out to workers, and how many workers wake up in vain", run: spread},
	{name: "calls", title: "system calls and descriptors examined per echo", run: calls},
	{name: "ratios", title: "echoes per second in relation to those of a C epoll loop", run: ratios, onRequest: true},
	{name: "scale", title: "as many connections as there are, each echoed to once", run: scale, onRequest: true},
}

// messageSize is small enough that copying it costs nothing beside the system
// calls.
const messageSize = 64

var (
	echoesPerSecond = figures.Column{Name: "echoes/s"}
	timePerEcho     = figures.Column{Name: "processor time per echo (µs)", Digits: 2}
	serverBusy      = figures.Column{Name: "server busy (%)"}
	clientsBusy     = figures.Column{Name: "clients busy (%)"}

	bytesPerConnection = figures.Column{Name: "bytes per connection"}
	ofItsOwn           = figures.Column{Name: "of those without idle ones", Digits: 2}
	inRelation         = figures.Column{Name: "in relation to C", Digits: 2}
)

// speed returns what a result says in these columns.
func speed(r load.Result) map[string]float64 {
	return map[string]float64{
		echoesPerSecond.Name: r.Second(),
		timePerEcho.Name:     r.Server.Seconds() * 1e6 / float64(r.Echoes),
		serverBusy.Name:      100 * r.Server.Seconds() / r.Elapsed.Seconds(),
		clientsBusy.Name:     100 * r.Load.Seconds() / r.Elapsed.Seconds(),
	}
}

// A point is one server in one situation.
type point struct {
	contender *contender
	args      []string
	x         float64
	plan      load.Plan
	name      string // in the table, if not the contender's
	look      func(*server) map[string]float64

	rounds []map[string]float64
}

// sweep measures all points in turn, round after round, so that whatever else
// the machine does meanwhile hits all of them.
func (b *bench) sweep(what string, points []*point, rounds int) error {
	b.steps(what, rounds*len(points))
	for range rounds {
		for _, p := range points {
			var looked map[string]float64
			result, err := b.measure(p.contender, p.plan, func(s *server) {
				if p.look != nil {
					looked = p.look(s)
				}
			}, p.args...)
			if err != nil {
				return err
			}
			values := speed(result)
			for percent, d := range result.Latency {
				values[percent] = d.Seconds() * 1e6
			}
			for name, value := range looked {
				values[name] = value
			}
			p.rounds = append(p.rounds, values)
		}
	}
	return nil
}

// relate adds to each round how the point's echoes per second relate to those of
// its reference in the same round.
func relate(points []*point, to figures.Column, reference func(*point) *point) {
	for _, p := range points {
		for i, values := range p.rounds {
			values[to.Name] = values[echoesPerSecond.Name] / reference(p).rounds[i][echoesPerSecond.Name]
		}
	}
}

// fill adds a row to t for each point.
func fill(t *figures.Table, points []*point) *figures.Table {
	for _, p := range points {
		if len(p.rounds) == 0 {
			continue // an error came before
		}
		name := p.name
		if name == "" {
			name = p.contender.Name
		}
		t.Add(name, p.x, p.rounds)
	}
	return t
}

func throughput(b *bench) (*figures.Table, error) {
	t := &figures.Table{X: "busy clients", Columns: []figures.Column{echoesPerSecond, timePerEcho, serverBusy, clientsBusy}}
	rounds, measure := b.rounds(5)
	var points []*point
	for _, c := range b.single() {
		for _, busy := range []int{1, 10, 100, 900} {
			if b.fits(t, c, busy) {
				points = append(points, &point{contender: c, x: float64(busy),
					plan: load.Plan{Busy: busy, Size: messageSize, Warm: measure / 4, Measure: measure}})
			}
		}
	}
	err := b.sweep("throughput", points, rounds)
	return fill(t, points), err
}

func idle(b *bench) (*figures.Table, error) {
	const busy = 100
	t := &figures.Table{X: "idle clients", Columns: []figures.Column{echoesPerSecond, ofItsOwn, timePerEcho, serverBusy, clientsBusy}}
	rounds, measure := b.rounds(3)
	var points []*point
	for _, c := range b.single() {
		for _, idle := range b.levels(0, 900, 5000, 10_000, 15_000) {
			if !b.fits(t, c, busy+idle) {
				continue
			}
			points = append(points, &point{contender: c, x: float64(idle),
				plan: load.Plan{Busy: busy, Idle: idle, Size: messageSize, Warm: measure / 4, Measure: measure}})
		}
	}
	if err := b.sweep("idle", points, rounds); err != nil {
		return nil, err
	}
	relate(points, ofItsOwn, func(p *point) *point {
		return points[slices.IndexFunc(points, func(q *point) bool { return q.contender == p.contender })]
	})
	return fill(t, points), nil
}

// fits says whether c can serve so many clients, and this machine can have them.
func (b *bench) fits(t *figures.Table, c *contender, clients int) bool {
	const others = 100 // descriptors, of a server or of the clients' process
	if clients+others > b.descriptors {
		t.Remark("%d clients need more descriptors than the %d that a process may have here (ulimit -Hn).", clients, b.descriptors)
		return false
	}
	return c.clients == 0 || clients <= c.clients
}

// levels returns at how many idle clients to measure. In a hurry those are left
// out that poll needs many seconds to accept.
func (b *bench) levels(all ...int) []int {
	return slices.DeleteFunc(all, func(n int) bool { return b.quick && n > 5000 })
}

func latency(b *bench) (*figures.Table, error) {
	const busy, rate = 100, 20_000
	t := &figures.Table{X: "idle clients"}
	for _, percent := range load.Percentiles {
		t.Columns = append(t.Columns, figures.Column{Name: fmt.Sprint(percent)})
	}
	rounds, measure := b.rounds(3)
	var points []*point
	for _, c := range b.single() {
		for _, idle := range b.levels(0, 900, 10_000) {
			if !b.fits(t, c, busy+idle) {
				continue
			}
			points = append(points, &point{contender: c, x: float64(idle), plan: load.Plan{
				Busy: busy, Idle: idle, Size: messageSize, Rate: rate, Warm: measure / 2, Measure: 2 * measure}})
		}
	}
	err := b.sweep("latency", points, rounds)
	return fill(t, points), err
}

func memory(b *bench) (*figures.Table, error) {
	t := &figures.Table{X: "connections", Columns: []figures.Column{bytesPerConnection}}
	rounds, _ := b.rounds(3)
	var points []*point
	for _, c := range b.single() {
		for _, idle := range b.levels(900, 15_000) {
			if !b.fits(t, c, 1+idle) {
				continue
			}
			points = append(points, &point{contender: c, x: float64(idle),
				plan: load.Plan{Busy: 1, Idle: idle, Size: messageSize, Echoes: 100},
				look: func(s *server) map[string]float64 {
					return map[string]float64{bytesPerConnection.Name: float64(s.resident()-s.atStart) / float64(idle)}
				}})
		}
	}
	err := b.sweep("memory", points, rounds)
	return fill(t, points), err
}

// ratios compares servers with a C epoll loop. What else a machine does changes
// from second to second, so each server has its own C loop, measured right
// before or after it.
func ratios(b *bench) (*figures.Table, error) {
	t := &figures.Table{X: "busy clients", Columns: []figures.Column{inRelation, echoesPerSecond, timePerEcho, serverBusy, clientsBusy}}
	if b.cLoop == nil {
		return nil, fmt.Errorf("needs -peers, and gcc for the C loop")
	}
	rounds, measure := b.rounds(21)
	plan := load.Plan{Busy: 100, Size: messageSize, Warm: measure / 10, Measure: measure * 4 / 10}
	var pairs, servers []*point
	beside := map[*point]*point{}
	for i, c := range append(b.single()[1:], b.logging()...) {
		server := &point{contender: c, x: 100, plan: plan}
		loop := &point{contender: b.cLoop, x: 100, plan: plan}
		servers, beside[server] = append(servers, server), loop
		if i%2 == 0 {
			pairs = append(pairs, loop, server)
		} else {
			pairs = append(pairs, server, loop)
		}
	}
	if err := b.sweep("ratios", pairs, rounds); err != nil {
		return nil, err
	}
	relate(servers, inRelation, func(p *point) *point { return beside[p] })
	return fill(t, servers), nil
}

// logging returns the lessons with their log on, written to a file, and the
// Python original if there is a Python.
func (b *bench) logging() []*contender {
	var all []*contender
	for _, c := range b.lessons[1:] {
		logged := *c
		logged.Name += ", logging"
		logged.args = slices.DeleteFunc(slices.Clone(c.args), func(arg string) bool { return arg == "-quiet" })
		logged.logs = true
		all = append(all, &logged)
	}
	if b.has("python3", "the Python original") {
		all = append(all, &contender{Name: "Python original, 1 worker, logging", program: "python3", directory: b.programs, logs: true, isPython: true,
			args: []string{b.root.Path("05-multiworker/testdata/original.py")}})
	}
	return all
}
