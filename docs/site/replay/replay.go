// Package replay says what a replay of a recording shows at each of its moments:
// a sentence, the structures of the kernel as grids, and counters. All follows
// from the fold of the recording.
package replay

import (
	"strings"

	"example.com/echo/docs/recording"
	"example.com/echo/docs/repo"
)

// A Frame is what a replay shows at once. A call that returns at once has one
// frame, for its return: nothing is to be seen between.
type Frame struct {
	Moment, Step  int
	Say           string
	Line          int // index of Lines; -1 if it is no call
	Calls, Looked int // how many calls so far, and how many descriptors waits looked at
	Structures    []Grid
	Clients       Grid
	Call          *recording.Call // whose stack is shown; nil if there is none
}

// A Grid is a structure as a table. The first cell of each row is its head.
type Grid struct {
	Title, Note, Class string
	Head               []string
	Rows               [][]Cell
}

// A Cell has a class for its look: "on" for a bit that is set, "ghost" for one
// that the kernel has cleared, "hot" for what has just changed.
type Cell struct{ Text, Class string }

// A Replay is a recording as it is shown.
type Replay struct {
	Recording *recording.Recording
	Lines     []recording.Line // the calls, as the transcript has them
	Frames    []Frame
	Rests     []string // at the end of each step: where the program waits then
}

// New makes the replay of a recording.
func New(r *recording.Recording) *Replay {
	p := &Replay{Recording: r}
	type place struct {
		step int
		call *recording.Call
		row  string
	}
	lines := map[place]int{}
	for step := range r.Steps {
		for _, line := range r.Lines(step) {
			if line.Row != "" {
				lines[place{step, line.Call, line.Row}] = len(p.Lines)
				p.Lines = append(p.Lines, line)
			}
		}
	}
	c := &scene{r: r, waited: map[string]*recording.Call{}, tallies: map[string]*tally{}}
	events := happenings(r)
	for state := range r.States() {
		e := events[state.Moment]
		c.follow(state, e)
		if !e.isShown {
			continue
		}
		f := Frame{Moment: state.Moment, Step: state.Step, Say: c.say(), Line: -1, Calls: c.calls, Looked: c.looked,
			Structures: c.structures(), Clients: c.clients(), Call: c.stackOf()}
		if e.call != nil {
			f.Line = lines[place{f.Step, e.call, e.call.Row}]
		} else if e.process != nil {
			f.Line = lines[place{f.Step, nil, e.process.Name}]
		}
		p.Frames = append(p.Frames, f)
		if next := state.Moment + 1; next == len(events) || events[next].step != nil {
			p.Rests = append(p.Rests, c.rest())
		}
	}
	return p
}

// Find returns the step, and the index among its frames, where a moment is shown.
func (p *Replay) Find(moment int) (step, frame int) {
	for _, f := range p.Frames {
		if f.Step != step {
			step, frame = f.Step, 0
		}
		if f.Moment >= moment {
			break
		}
		frame++
	}
	return step, frame
}

// An event is what happens at a moment.
type event struct {
	step     *recording.Step
	call     *recording.Call
	returned bool
	process  *recording.Process
	isShown  bool
}

func happenings(r *recording.Recording) []event {
	events := make([]event, r.Moments())
	for i := range r.Steps {
		events[r.Steps[i].At] = event{step: &r.Steps[i], isShown: true}
	}
	for i := range r.Calls {
		c := &r.Calls[i]
		atOnce := c.Returned == c.Entered+1 && !isWait(r, c)
		events[c.Entered] = event{call: c, isShown: !atOnce}
		if c.Returned > 0 {
			events[c.Returned] = event{call: c, returned: true, isShown: true}
		}
	}
	for i := range r.Processes {
		events[r.Processes[i].Ended] = event{process: &r.Processes[i], isShown: true}
	}
	return events
}

// isWait reports whether a loop waits in the call.
func isWait(r *recording.Recording, c *recording.Call) bool {
	return c.Waits(r.Lesson) && isLoop(c.Row)
}

// isLoop reports whether a row is the loop of a process that serves.
func isLoop(row string) bool {
	_, isLoop := recording.ProcessOf(row)
	return isLoop && row != "supervisor"
}

// A scene is the fold, and what a replay shows besides: what has been so far.
type scene struct {
	r             *recording.Recording
	s             *recording.State
	now           event
	waited        map[string]*recording.Call // the last wait of each loop that returned
	shown         string                     // the loop whose structure is shown
	tallies       map[string]*tally          // of the workers, by process
	calls, looked int
}

// A tally counts what a worker's waking was good for.
type tally struct {
	woken, accepted, inVain int
	last                    string
}

// follow goes on to a moment.
func (c *scene) follow(s *recording.State, e event) {
	c.s, c.now = s, e
	if e.step != nil {
		for _, t := range c.tallies {
			t.last = ""
		}
		c.shown = c.next(s.Moment)
	}
	call := e.call
	if call == nil {
		return
	}
	if isLoop(call.Row) {
		c.shown = call.Row
	}
	if !e.returned {
		c.calls++
		return
	}
	if isWait(c.r, call) {
		c.waited[call.Row] = call
		c.looked += looked(call)
	}
	if isLoop(call.Row) {
		c.count(call)
	}
}

// next returns the loop that is the next to do something; the one that is shown, if
// none is.
func (c *scene) next(moment int) string {
	first, row := c.r.Moments(), c.shown
	for i := range c.r.Calls {
		call := &c.r.Calls[i]
		for _, at := range []int{call.Entered, call.Returned} {
			if isLoop(call.Row) && moment < at && at < first {
				first, row = at, call.Row
			}
		}
	}
	return row
}

func (c *scene) tally(process string) *tally {
	if c.tallies[process] == nil {
		c.tallies[process] = &tally{}
	}
	return c.tallies[process]
}

func (c *scene) count(call *recording.Call) {
	t := c.tally(call.Process())
	switch {
	case call.Name == "accept4" && call.Result >= 0:
		t.accepted++
		t.last = "accepted " + call.Opened[0].What
	case call.Name == "accept4" && call.Error == "EAGAIN" && t.last == "woken":
		t.inVain++
		t.last = "in vain: EAGAIN"
	}
	process := c.s.Process(call.Process())
	for _, w := range call.Ready {
		if process != nil && isServer(process.What(w.FD)) {
			t.woken++
			t.last = "woken"
		}
	}
}

// looked returns how many descriptors a wait looked at: select and poll at all
// that they are given, epoll_wait at those on its ready list, the others at one.
func looked(c *recording.Call) int {
	switch c.Name {
	case "select", "poll":
		return c.Size
	case "epoll_wait":
		return max(c.Result, 0)
	}
	return 1
}

// stackOf returns the call whose stack is shown: the one that something happens
// to, or the one that the loop waits in.
func (c *scene) stackOf() *recording.Call {
	if c.now.call != nil {
		return c.now.call
	}
	if row := c.row(c.shown); row != nil {
		return row.In
	}
	return nil
}

func (c *scene) row(name string) *recording.RowState {
	for i := range c.s.Rows {
		if c.s.Rows[i].Name == name {
			return &c.s.Rows[i]
		}
	}
	return nil
}

func isServer(what string) bool { return what == "server" || strings.HasPrefix(what, "server of ") }

func (c *scene) hasWorkers() bool { return c.r.Lesson == repo.Lessons[4] }
