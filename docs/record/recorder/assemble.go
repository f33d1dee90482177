//go:build linux

package recorder

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"example.com/echo/docs/recording"
)

// An assembly makes a recording of what strace has printed.
type assembly struct {
	*recording.Recording
	played    []playedStep
	symbols   *symbols
	processes map[int]*process  // by number
	byThread  map[int]*process  // by number of the thread
	clients   map[string]string // by port
	sockets   int               // how many were opened
	replaces  *strings.Replacer
	calls     []*call
	last      map[string]*call // of each name
}

// A process is one of the recording's, and what its descriptors stand for.
type process struct {
	index int // in Recording.Processes
	name  string
	pid   int
	open  map[int]string
	ended float64
}

// A call is one of the recording's, and when it began and ended; 0 if it has
// not ended.
type call struct {
	recording.Call
	begin, end float64
	told       string // "stop" or "lifeline", if it is a wait that ended because that pipe is readable
}

// errChance says that a run did not go as it usually does, and that another one
// may.
var errChance = errors.New("not as usual")

// assemble completes the recording r of what p has played.
func assemble(r *recording.Recording, p *player, s *symbols) error {
	a := &assembly{
		Recording: r, played: p.steps, symbols: s, processes: map[int]*process{}, byThread: map[int]*process{},
		clients: map[string]string{}, last: map[string]*call{},
	}
	lines := p.server.lines()
	a.findProcesses(p.server.pid, lines)
	a.nameNumbers(p)
	var unfinished []*line
	for _, l := range lines {
		switch of := a.byThread[l.tid]; {
		case of == nil:
		case l.isExit && l.tid == of.pid:
			of.ended, a.Processes[of.index].Status = l.end, l.status
		case l.isExit:
		case l.end == 0:
			if a.lasts(l) { // what else has not returned, strace has lost
				unfinished = append(unfinished, l)
			}
		default:
			if err := a.add(of, l); err != nil {
				return err
			}
		}
	}
	for _, l := range unfinished {
		a.addUnfinished(a.byThread[l.tid], l)
	}
	for _, c := range a.calls {
		if step := a.stepAt(c.begin); step+1 < len(a.played) && c.begin > a.played[step].done {
			return fmt.Errorf("%w: between two steps it entered %s", errChance, c.Name)
		}
	}
	a.addSteps()
	err := a.dropTriesInVain()
	a.number()
	return err
}

// findProcesses tells which thread is whose.
func (a *assembly) findProcesses(first int, lines []*line) {
	if a.isMulti() {
		a.addProcess(first, "supervisor")
	} else {
		a.addProcess(first, "server")
	}
	for _, l := range lines {
		switch of := a.byThread[l.tid]; {
		case l.call == "clone" && strings.Contains(l.arg(1), "CLONE_THREAD"):
			a.byThread[l.result] = of
		case l.call == "execve" && of == nil:
			if args := strings.Split(strings.Trim(l.arg(1), "[]"), ", "); len(args) > 2 {
				name, _ := strconv.Unquote(args[2]) // the one before is "worker"
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
	p := &process{index: len(a.Processes), name: name, pid: pid, open: map[int]string{}}
	known := recording.Process{Name: name, Inherited: []recording.Descriptor{{FD: 0, What: "standard input"}, {FD: 1, What: "log"}, {FD: 2, What: "standard error"}}}
	if len(a.Processes) > 0 {
		known.Inherited = append(known.Inherited, recording.Descriptor{FD: 3, What: a.socketOf(p.name)},
			recording.Descriptor{FD: 4, What: "lifeline"}, recording.Descriptor{FD: 9, What: "starting"})
	}
	for _, d := range known.Inherited {
		p.open[d.FD] = d.What
	}
	a.Processes = append(a.Processes, known)
	a.processes[pid], a.byThread[pid] = p, p
}

// nameNumbers prepares to replace the numbers in the log that differ from run to
// run.
func (a *assembly) nameNumbers(p *player) {
	pairs := []string{strconv.Itoa(p.server.port), "51337"}
	for i, c := range p.clients {
		a.Clients = append(a.Clients, c.name)
		a.clients[strconv.Itoa(c.port)] = c.name
		pairs = append(pairs, strconv.Itoa(c.port), strconv.Itoa(50001+i))
	}
	for pid, of := range a.processes {
		pairs = append(pairs, fmt.Sprintf("pid=%d ", pid), fmt.Sprintf("pid=%d ", 1000+of.index), fmt.Sprintf("parent=%d ", pid), "parent=1000 ")
	}
	a.replaces = strings.NewReplacer(pairs...)
}

// add adds a call, if it is to be kept.
func (a *assembly) add(p *process, l *line) error {
	if len(l.addresses) == 0 {
		return fmt.Errorf("%w: strace found no stack of %s", errChance, l.call) // while another thread ended the process
	}
	frames := a.symbols.frames(l.addresses)
	c := &call{Call: p.decode(l), begin: l.begin, end: a.end(l)}
	var isKept bool
	if c.Row, isKept = row(p, &c.Call, frames); !isKept {
		return nil
	}
	for _, w := range c.Ready {
		if what := p.open[w.FD]; what == "stop" || what == "lifeline" {
			c.told = what
		}
	}
	a.name(p, &c.Call, l, frames)
	a.calls, a.last[c.Name] = append(a.calls, c), c
	for _, f := range frames {
		if !isOurs(f) {
			continue
		}
		f, err := a.symbols.finish(f)
		if err != nil {
			return err
		}
		at := slices.Index(a.Frames, f)
		if at < 0 {
			at = len(a.Frames)
			a.Frames = append(a.Frames, f)
		}
		c.Stack = append(c.Stack, at)
	}
	return nil
}

// addUnfinished adds a call that never returned, because the process ended.
// strace prints no stack for it; it is that of the others of this name.
func (a *assembly) addUnfinished(p *process, l *line) {
	c := &call{Call: p.decode(l), begin: l.begin}
	if like := a.last[c.Name]; like != nil && c.What != poller {
		c.Row = strings.Replace(like.Row, like.Process(), p.name, 1)
		c.Stack = like.Stack
		c.Size = max(c.Size, like.Size) // strace may not have come to print it
		a.calls = append(a.calls, c)
	}
}

// end returns when a call ended. strace takes the beginning and the duration
// from two clocks, so their sum can be a little too early: before the step that
// began while the call lasted.
func (a *assembly) end(l *line) float64 {
	end := l.end
	for i, s := range a.played[1:] {
		if a.played[i].lasts[l.tid] == l.begin {
			end = max(end, s.begin+1e-6)
		}
	}
	return end
}

// lasts reports whether a call lasted from one step to another.
func (a *assembly) lasts(l *line) bool {
	return slices.ContainsFunc(a.played, func(s playedStep) bool { return s.lasts[l.tid] == l.begin })
}

// addSteps adds the steps, and what the kernel said after each.
func (a *assembly) addSteps() {
	for _, played := range a.played {
		sent := played.bytes()
		s := recording.Step{
			Text: played.Text, Client: played.Who, Does: played.Does.Recorded(), Size: len(sent), Data: string(sent[:min(len(sent), 32)]),
			After: recording.Quiet{Queues: map[string]int{}, Clients: played.clients,
				Descriptors: map[string][]int{}, Interest: map[string][]recording.Watch{}},
		}
		if s.Does == "connects" {
			s.Queue = a.queueOf(s.Client)
		}
		for pid, quiet := range played.processes {
			p := a.processes[pid]
			if quiet.queue > 0 && p.name != "supervisor" {
				s.After.Queues[a.socketOf(p.name)] = quiet.queue
			}
			if p.name != "supervisor" { // of whose calls most are left out
				s.After.Descriptors[p.name] = quiet.descriptors
			}
			if quiet.interest != nil {
				s.After.Interest[p.name] = quiet.interest
			}
		}
		a.Steps = append(a.Steps, s)
	}
}

// queueOf returns the listening socket that a client was accepted from.
func (a *assembly) queueOf(client string) string {
	for _, c := range a.calls {
		if c.Name == "accept4" && len(c.Opened) > 0 && c.Opened[0].What == client {
			return c.What
		}
	}
	return "server"
}

// stepAt returns the index of the step that was played at a time.
func (a *assembly) stepAt(time float64) int {
	at := 0
	for at+1 < len(a.played) && a.played[at+1].begin <= time {
		at++
	}
	return at
}

// dropTriesInVain leaves out how a server that rests tries again and again,
// every 100 ms: how often differs from run to run. The first time in a step that
// is about it stays. In the step that ends the rest there is to be none.
func (a *assembly) dropTriesInVain() (err error) {
	isVain, shown := false, -1
	a.calls = slices.DeleteFunc(a.calls, func(c *call) bool {
		if c.Timeout > 0 {
			step := a.stepAt(c.end)
			isVain = c.Result == 0 && (a.played[step].Does != Rests || shown == step)
			if c.Result == 0 {
				shown = step
			}
			if isVain && a.played[step].Does == Closes {
				err = fmt.Errorf("%w: the rest was over too early", errChance)
			}
		}
		return isVain
	})
	return err
}

// number gives each thing that happened its moment. A wait has two, and so has
// whatever lasts from one step to another: when it was entered and when it
// returned. All else happens at one time, between whose two moments nothing
// else does.
func (a *assembly) number() {
	type happening struct {
		at     float64
		moment *int
	}
	var all []happening
	for i := range a.Steps {
		all = append(all, happening{a.played[i].begin, &a.Steps[i].At})
	}
	a.order()
	for _, c := range a.calls {
		all = append(all, happening{c.begin, &c.Entered})
		if c.end > 0 {
			all = append(all, happening{c.end, &c.Returned})
		}
	}
	for _, p := range a.processes {
		all = append(all, happening{p.ended, &a.Processes[p.index].Ended})
	}
	slices.SortStableFunc(all, func(x, y happening) int { return cmp.Compare(x.at, y.at) })
	for moment, h := range all {
		*h.moment = moment
	}
	for _, c := range a.calls {
		a.Calls = append(a.Calls, c.Call)
	}
	slices.SortFunc(a.Calls, func(x, y recording.Call) int { return x.Entered - y.Entered })
}

// order moves the times of calls so that what comes of something is after it.
// strace sees when a call was entered and, less exactly, when it returned, but
// not when in between it took effect. So a call that succeeded is put where it
// was entered; and one that failed right before the next of its row: then a
// worker finds nothing only after another has taken it.
func (a *assembly) order() {
	next := map[string]float64{} // by row
	for _, c := range slices.Backward(a.calls) {
		until, ok := next[c.Row]
		if !ok {
			until = c.end
		}
		next[c.Row] = c.begin
		switch isOne := a.stepAt(c.begin) == a.stepAt(c.end); {
		case c.told != "":
			for _, cause := range a.calls {
				if cause.What == c.told+", writing" && cause.Name == "write" && (c.told == "lifeline" || cause.Process() == c.Process()) {
					c.end = max(c.end, cause.begin+1e-6)
				}
			}
		case c.end == 0 || c.Waits(a.Lesson) || !isOne:
		case c.Error == "":
			c.end = c.begin
		default:
			c.begin, c.end = until-1e-6, until-1e-6
		}
	}
}
