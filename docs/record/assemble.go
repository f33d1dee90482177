//go:build linux

package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"example.com/echo/docs/recording"
)

// An assembly makes a recording of what strace has printed.
type assembly struct {
	*recording.Recording
	player    *player
	symbols   *symbols
	processes map[int]*process // by number
	byThread  map[int]*process
	clients   map[int]string // by port
	replaces  *strings.Replacer
	spans     []span                     // of the calls
	callers   map[string]recording.Frame // by function: see findCallers
	frames    map[recording.Frame]int
	stacks    map[string]int
}

// A process is one of the recording's, and what its descriptors stand for.
type process struct {
	index int // in Recording.Processes
	name  string
	pid   int
	open  map[int]string
	ended float64
}

// A span is when a call was entered and when it returned, or 0.
type span struct{ begin, end float64 }

// assemble makes the recording r of what p has played.
func assemble(r *recording.Recording, p *player, s *symbols) error {
	a := &assembly{
		Recording: r, player: p, symbols: s, processes: map[int]*process{}, byThread: map[int]*process{},
		clients: map[int]string{}, callers: map[string]recording.Frame{}, frames: map[recording.Frame]int{}, stacks: map[string]int{},
	}
	for _, c := range p.clients {
		a.Clients = append(a.Clients, c.name)
		a.clients[c.port] = c.name
	}
	lines, err := p.server.lines()
	if err != nil {
		return err
	}
	a.findProcesses(lines)
	a.nameNumbers()
	if err := a.findCallers(lines); err != nil {
		return err
	}
	for _, l := range lines {
		if of := a.byThread[l.tid]; of != nil {
			if err := a.add(of, l); err != nil {
				return err
			}
		}
	}
	a.addSteps()
	a.dropTriesInVain()
	a.number()
	return nil
}

// findProcesses tells which thread is whose.
func (a *assembly) findProcesses(lines []*line) {
	first := "server"
	if a.isMulti() {
		first = "supervisor"
	}
	a.addProcess(a.player.server.pid, first)
	for _, l := range lines {
		switch of := a.byThread[l.tid]; {
		case l.call == "clone" && l.result > 0 && strings.Contains(l.arg(1), "CLONE_THREAD"):
			a.byThread[l.result] = of
		case l.call == "execve" && of == nil:
			if args := strings.Split(strings.Trim(l.arg(1), "[]"), ", "); len(args) > 2 {
				name, _ := strconv.Unquote(args[2]) // its first argument is "worker"
				a.addProcess(l.tid, name)
			}
		}
	}
}

func (a *assembly) isMulti() bool { return slices.Contains(multi, a.Lesson) }

// addProcess adds a process. The second of a name takes the place of the first,
// which was killed.
func (a *assembly) addProcess(pid int, name string) {
	for slices.ContainsFunc(a.Processes, func(p recording.Process) bool { return p.Name == name }) {
		name += " again"
	}
	inherited := []string{"standard input", "log", "standard error"}
	if a.isMulti() && name != "supervisor" {
		inherited = append(inherited, a.socketOf(name), "lifeline")
	}
	p := &process{index: len(a.Processes), name: name, pid: pid, open: map[int]string{}}
	known := recording.Process{Name: name}
	for fd, what := range inherited {
		known.Inherited = append(known.Inherited, recording.Descriptor{FD: fd, What: what})
		p.open[fd] = what
	}
	a.Processes = append(a.Processes, known)
	a.processes[pid], a.byThread[pid] = p, p
}

// nameNumbers prepares to replace the numbers in the log that differ from run to
// run.
func (a *assembly) nameNumbers() {
	pairs := []string{fmt.Sprint(a.player.server.port), "51337"}
	for i, c := range a.player.clients {
		pairs = append(pairs, fmt.Sprint(c.port), fmt.Sprint(50001+i))
	}
	for _, p := range a.processes {
		pairs = append(pairs, fmt.Sprintf("pid=%d ", p.pid), fmt.Sprintf("pid=%d ", a.numberOf(p)), fmt.Sprintf("parent=%d ", p.pid), "parent=1000 ")
	}
	a.replaces = strings.NewReplacer(pairs...)
}

// numberOf returns the number that a process has in the recording.
func (a *assembly) numberOf(p *process) int { return 1000 + p.index }

// add adds a call, if it is this project's, or notes the end of a process.
func (a *assembly) add(p *process, l *line) error {
	if l.isExit {
		if l.tid == p.pid {
			p.ended, a.Processes[p.index].Status = l.end, l.status
		}
		return nil
	}
	var c recording.Call
	fill(&c, l)
	frames := a.stack(p, &c, l)
	c.What = p.open[c.FD]
	if !isKept(&c, l, frames) {
		return nil
	}
	a.name(p, &c, l, frames)
	var ours []recording.Frame
	for _, f := range frames {
		if isOurs(f) {
			f, err := a.symbols.finish(f)
			if err != nil {
				return err
			}
			ours = append(ours, f)
		}
	}
	c.Row = row(p.name, ours)
	c.Stack = a.intern(ours)
	a.Calls = append(a.Calls, c)
	a.spans = append(a.spans, span{l.begin, a.end(l)})
	return nil
}

// end returns when a call returned. strace takes the beginning and the duration
// from two clocks, so their sum can be a little too early: before the step that
// began while the call lasted.
func (a *assembly) end(l *line) float64 {
	end := l.end
	for i, s := range a.player.steps[1:] {
		if end > 0 && a.player.steps[i].lasts[l.tid] == l.begin {
			end = max(end, s.begin+1e-6)
		}
	}
	return end
}

// addSteps adds the steps, and what the kernel said after each.
func (a *assembly) addSteps() {
	for _, played := range a.player.steps {
		s := recording.Step{Text: played.text, Client: played.who, Does: played.does.recorded()}
		if played.data != "" {
			s.Size, s.Data = len(played.bytes()), beginning(string(played.bytes()), short)
		}
		if s.Does == "connects" {
			s.Queue = a.queueOf(s.Client)
		}
		s.After = recording.Quiet{Queues: map[string]int{}, Clients: played.after.Clients,
			Descriptors: map[string][]int{}, Interest: map[string][]recording.Watch{}}
		for pid, p := range a.processes {
			key := strconv.Itoa(pid)
			if n := played.after.Queues[key]; n > 0 {
				s.After.Queues[a.socketOf(p.name)] = n
			}
			if fds := played.after.Descriptors[key]; len(fds) > 0 {
				s.After.Descriptors[p.name] = fds
			}
			if list := played.after.Interest[key]; len(list) > 0 {
				s.After.Interest[p.name] = list
			}
		}
		a.Steps = append(a.Steps, s)
	}
}

// queueOf returns the listening socket that a client was accepted from.
func (a *assembly) queueOf(client string) string {
	for i := range a.Calls {
		if c := &a.Calls[i]; c.Name == "accept4" && len(c.Opened) > 0 && c.Opened[0].What == client {
			return c.What
		}
	}
	return "server"
}

// stepAt returns the index of the step that was played at a time.
func (a *assembly) stepAt(time float64) int {
	at := 0
	for at+1 < len(a.player.steps) && a.player.steps[at+1].begin <= time {
		at++
	}
	return at
}

// number gives each thing that happened its moment. A wait has two, and so has
// whatever lasts from one step to another: when it was entered and when it
// returned. All else happens at one time, between whose two moments nothing
// else does. strace sees a call's beginning and end, and not when in between it
// took effect: one that succeeded is put at its beginning and one that failed at
// its end, so that a worker finds nothing only after another has taken it.
func (a *assembly) number() {
	type happening struct {
		at     float64
		moment *int
	}
	var all []happening
	for i := range a.Steps {
		all = append(all, happening{a.player.steps[i].begin, &a.Steps[i].At})
	}
	for i := range a.Calls {
		c, s := &a.Calls[i], a.spans[i]
		if s.end > 0 && !c.Waits(a.Lesson) && a.stepAt(s.begin) == a.stepAt(s.end) {
			at := s.begin
			if c.Error != "" {
				at = s.end
			}
			s = span{at, at}
		}
		all = append(all, happening{s.begin, &c.Entered})
		if s.end > 0 {
			all = append(all, happening{s.end, &c.Returned})
		}
	}
	for _, p := range a.processes {
		if p.ended > 0 {
			all = append(all, happening{p.ended, &a.Processes[p.index].Ended})
		}
	}
	slices.SortStableFunc(all, func(x, y happening) int { return cmp.Compare(x.at, y.at) })
	for moment, h := range all {
		*h.moment = moment
	}
	slices.SortFunc(a.Calls, func(x, y recording.Call) int { return x.Entered - y.Entered })
}

// dropTriesInVain leaves out how a server that rests tries again and again,
// every 100 ms: how often differs from run to run. The first time in a step that
// is about it stays.
func (a *assembly) dropTriesInVain() {
	var calls []recording.Call
	var spans []span
	isVain, shown := false, -1
	for i, c := range a.Calls {
		if c.Timeout > 0 {
			step := a.stepAt(a.spans[i].end)
			isVain = c.Result == 0 && (a.player.steps[step].does != rests || shown == step)
			if c.Result == 0 {
				shown = step
			}
		}
		if !isVain {
			calls, spans = append(calls, c), append(spans, a.spans[i])
		}
	}
	a.Calls, a.spans = calls, spans
}
