package recording

import (
	"iter"
	"maps"
	"slices"
)

// A State is how things stand at a moment: right after what happens at it. All
// of it follows from the calls and the client's steps, but Client.Received.
type State struct {
	Moment, Step int
	Processes    []ProcessState // that run
	Rows         []RowState     // of processes that run, in order of appearance
	Clients      []ClientState  // in the order of Recording.Clients
	Queues       map[string][]string

	calls []Call // of the whole recording
}

// Process returns the process of a name; nil if it does not run.
func (s *State) Process(name string) *ProcessState {
	at := slices.IndexFunc(s.Processes, func(p ProcessState) bool { return p.Name == name })
	if at < 0 {
		return nil
	}
	return &s.Processes[at]
}

// A ProcessState is a process that runs.
type ProcessState struct {
	Name        string
	Descriptors []Descriptor  // the descriptor table, by number
	Epoll       int           // descriptor of the epoll instance; -1 if none
	Interest    map[int]Watch // what the instance watches, by descriptor
	Stopping    bool          // its stop pipe is readable
}

// What returns what a descriptor stands for, and "" if it is not open.
func (p *ProcessState) What(fd int) string {
	for _, d := range p.Descriptors {
		if d.FD == fd {
			return d.What
		}
	}
	return ""
}

func (p *ProcessState) has(what string) bool {
	return slices.ContainsFunc(p.Descriptors, func(d Descriptor) bool { return d.What == what })
}

// A RowState is a loop, or another goroutine that makes calls.
type RowState struct {
	Name  string
	In    *Call   // the call that it is in; nil if it computes
	Watch []Watch // what the loop watches: select's, poll's or epoll's
}

// Process returns the name of the process that the row is of.
func (r *RowState) Process() string {
	process, _ := ProcessOf(r.Name)
	return process
}

// Readers and Writers return the descriptors that a row watches as such.
func (r *RowState) Readers() []int { return chosen(r.Watch, Watch.IsReader) }

// Writers returns the descriptors that a row watches for room to write.
func (r *RowState) Writers() []int { return chosen(r.Watch, Watch.IsWriter) }

// A ClientState is a client and what the server knows of it.
type ClientState struct {
	Name     string
	Is       string // "", "queued", "served" or "left": the server has closed it
	Process  string // that serves it, with this descriptor
	FD       int
	Unread   int    // bytes that it sent, and the server has not read
	Owed     int    // bytes that the server has read, and not written
	Written  int    // bytes that the server has written
	Received int    // bytes that it has read, by the last quiet point
	Ended    string // "", "half-closed", "closed" or "reset": what it did
	Told     bool   // the server has told it that nothing more comes (SHUT_WR)

	endRead bool // the server's read has returned the end, or the error
	noRoom  bool // since a short write; until the client reads
}

// State returns how things stand at a moment.
func (r *Recording) State(moment int) (s *State) {
	for s = range r.States() {
		if s.Moment == moment {
			break
		}
	}
	return s
}

// States returns how things stand at each moment, one after the other. A state
// is good until the next one is asked for.
func (r *Recording) States() iter.Seq[*State] {
	return func(yield func(*State) bool) {
		f := fold{r: r, processes: map[string]*ProcessState{}, rows: map[string]*RowState{},
			clients: map[string]*ClientState{}, queues: map[string][]string{}}
		for _, name := range r.Clients {
			f.clients[name] = &ClientState{Name: name, FD: -1}
		}
		for moment, happen := range r.happenings() {
			happen(&f)
			if !yield(f.state(moment)) {
				return
			}
		}
	}
}

// happenings returns what happens at each moment.
func (r *Recording) happenings() []func(*fold) {
	all := make([]func(*fold), r.Moments())
	for i := range r.Steps {
		all[r.Steps[i].At] = func(f *fold) {
			if i > 0 {
				f.quiet(&r.Steps[i-1].After)
			}
			f.step(&r.Steps[i])
		}
	}
	for i := range r.Calls {
		c := &r.Calls[i]
		all[c.Entered] = func(f *fold) { f.enter(c) }
		if c.Returned > 0 {
			all[c.Returned] = func(f *fold) { f.leave(c) }
		}
	}
	for i := range r.Processes {
		p := &r.Processes[i]
		all[p.Ended] = func(f *fold) { f.end(p.Name) }
	}
	return all
}

// A fold is a State that grows.
type fold struct {
	r         *Recording
	processes map[string]*ProcessState
	rows      map[string]*RowState
	order     []string // of the rows
	clients   map[string]*ClientState
	queues    map[string][]string
}

// process returns a process, which begins with its first call.
func (f *fold) process(name string) *ProcessState {
	if f.processes[name] == nil {
		p := &ProcessState{Name: name, Epoll: -1, Interest: map[int]Watch{}}
		for _, known := range f.r.Processes {
			if known.Name == name {
				p.Descriptors = slices.Clone(known.Inherited)
			}
		}
		f.processes[name] = p
	}
	return f.processes[name]
}

func (f *fold) quiet(q *Quiet) {
	for _, connection := range q.Clients {
		c := f.clients[connection.Client]
		c.noRoom = c.noRoom && connection.Received == c.Received
		c.Received = connection.Received
	}
}

func (f *fold) step(s *Step) {
	c := f.clients[s.Client]
	switch s.Does {
	case "connects":
		c.Is = "queued"
		f.queues[s.Queue] = append(f.queues[s.Queue], c.Name)
	case "sends":
		c.Unread += s.Size
	case "reads":
		c.noRoom = false
	case "half-closes":
		c.Ended = "half-closed"
	case "closes":
		c.Ended = "closed"
	case "resets": // the kernel drops what was under way
		c.Ended, c.Unread, c.noRoom = "reset", 0, false
	}
}

func (f *fold) enter(c *Call) {
	f.process(c.Process())
	row := f.rows[c.Row]
	if row == nil {
		row = &RowState{Name: c.Row}
		f.rows[c.Row] = row
		f.order = append(f.order, c.Row)
	}
	row.In = c
	switch {
	case c.Name == "select" || c.Name == "poll":
		row.Watch = c.Watch
	case c.Waits(f.r.Lesson) && c.Name != "epoll_wait":
		row.Watch = []Watch{{FD: c.FD, Events: "reader"}}
	}
}

func (f *fold) leave(c *Call) {
	f.rows[c.Row].In = nil
	if c.Result < 0 {
		if client := f.clients[c.What]; client != nil && c.Name == "read" && c.Error == "ECONNRESET" {
			client.endRead = true
		}
		return
	}
	p, client := f.process(c.Process()), f.clients[c.What]
	for _, d := range c.Opened {
		p.Descriptors = append(p.Descriptors, d)
		if d.What == "epoll" {
			p.Epoll = d.FD
		}
	}
	slices.SortFunc(p.Descriptors, func(a, b Descriptor) int { return a.FD - b.FD })
	switch c.Name {
	case "accept4":
		f.accept(p, c)
	case "read":
		if client != nil {
			client.Unread -= c.Result
			client.Owed += c.Result
			client.endRead = c.Result == 0
		}
	case "write":
		if client != nil {
			client.Owed -= c.Result
			client.Written += c.Result
			client.noRoom = client.Owed > 0
		}
		p.Stopping = p.Stopping || c.What == "stop, writing"
	case "shutdown":
		client.Told = true
	case "epoll_ctl":
		for _, w := range c.Watch {
			p.Interest[w.FD] = w
			if c.Args == "EPOLL_CTL_DEL" {
				delete(p.Interest, w.FD)
			}
		}
	case "close":
		f.close(p, c)
	}
}

func (f *fold) accept(p *ProcessState, c *Call) {
	client := f.clients[c.Opened[0].What]
	client.Is, client.Process, client.FD = "served", p.Name, c.Opened[0].FD
	f.queues[c.What] = slices.DeleteFunc(f.queues[c.What], func(name string) bool { return name == client.Name })
}

func (f *fold) close(p *ProcessState, c *Call) {
	p.Descriptors = slices.DeleteFunc(p.Descriptors, func(d Descriptor) bool { return d.FD == c.FD })
	delete(p.Interest, c.FD)
	if c.FD == p.Epoll {
		p.Epoll, p.Interest = -1, map[int]Watch{}
	}
	f.forget(f.clients[c.What])
	f.reset()
}

// reset empties the accept queues that no process has open any more: the kernel
// resets the connections in them.
func (f *fold) reset() {
	for name, queue := range f.queues {
		if !slices.ContainsFunc(slices.Collect(maps.Values(f.processes)), func(p *ProcessState) bool { return p.has(name) }) {
			for _, client := range queue {
				f.forget(f.clients[client])
			}
			delete(f.queues, name)
		}
	}
}

// forget notes that the server has closed a client's socket.
func (f *fold) forget(c *ClientState) {
	if c != nil {
		c.Is, c.Process, c.FD, c.Unread, c.Owed, c.noRoom = "left", "", -1, 0, 0, false
	}
}

// end notes the end of a process: the kernel closes all that it had open.
func (f *fold) end(name string) {
	for _, c := range f.clients {
		if c.Process == name {
			f.forget(c)
		}
	}
	delete(f.processes, name)
	f.reset()
	f.order = slices.DeleteFunc(f.order, func(row string) bool {
		process, _ := ProcessOf(row)
		return process == name
	})
}

func (f *fold) state(moment int) *State {
	s := &State{Moment: moment, Step: f.r.StepAt(moment), Queues: f.queues, calls: f.r.Calls}
	for _, p := range f.r.Processes {
		if f.processes[p.Name] != nil {
			s.Processes = append(s.Processes, *f.processes[p.Name])
		}
	}
	for _, name := range f.order {
		row := *f.rows[name]
		process, isLoop := ProcessOf(name)
		if p := f.processes[process]; p.Epoll >= 0 && isLoop {
			row.Watch = sorted(p.Interest)
		}
		s.Rows = append(s.Rows, row)
	}
	for _, name := range f.r.Clients {
		s.Clients = append(s.Clients, *f.clients[name])
	}
	return s
}

func sorted(interest map[int]Watch) (list []Watch) {
	for _, fd := range slices.Sorted(maps.Keys(interest)) {
		list = append(list, interest[fd])
	}
	return list
}

func chosen(list []Watch, is func(Watch) bool) (fds []int) {
	for _, w := range list {
		if w.FD >= 0 && is(w) {
			fds = append(fds, w.FD)
		}
	}
	return fds
}
