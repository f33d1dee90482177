package replay

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"example.com/echo/docs/recording"
	"example.com/echo/docs/repo"
)

// structures returns what the loop waits with; with workers, the accept queues
// and all workers before that of the one that something happens to.
func (c *scene) structures() []Grid {
	var grids []Grid
	if c.hasWorkers() {
		grids = append(c.queues(), c.workers())
	}
	row := c.row(c.shown)
	if row == nil {
		return grids
	}
	process := c.s.Process(row.Process())
	call := c.waited[row.Name]
	if row.In != nil && isWait(c.r, row.In) {
		call = row.In
	}
	switch {
	case c.r.Lesson == repo.Lessons[0]:
		return append(grids, c.onePlace(row))
	case process.Epoll >= 0:
		return append(grids, c.interest(row, process), c.ready(row, process))
	case call == nil:
		return grids
	case call.Name == "select":
		return append(grids, c.bits(call, process, call == row.In))
	case call.Name == "poll":
		return append(grids, c.entries(call, process, call == row.In))
	}
	return grids
}

// title returns a grid's title, with the worker if there are several.
func (c *scene) title(text string) string {
	if c.hasWorkers() {
		return c.shown + ": " + text
	}
	return text
}

// bits shows the sets of select, given over gave back.
func (c *scene) bits(call *recording.Call, p *recording.ProcessState, waits bool) Grid {
	g := Grid{Title: c.title("the sets of select"), Class: "cells", Note: "A bit for each descriptor, up to the highest: what the last call was given, and what it gave back."}
	if waits {
		g.Note = "It waits: nothing is given back yet."
	}
	g.Rows = [][]Cell{{{Text: "descriptor"}}, {{Text: "readers given"}}, {{Text: "readers back"}}, {{Text: "writers given"}}, {{Text: "writers back"}}, {{Text: "stands for"}}}
	for fd := range call.Size {
		add := func(row int, cell Cell) { g.Rows[row] = append(g.Rows[row], cell) }
		add(0, Cell{Text: strconv.Itoa(fd)})
		for set, events := range []string{"reader", "writer"} {
			w := recording.Watch{FD: fd, Events: events}
			given, back := slices.Contains(call.Watch, w), slices.Contains(call.Ready, w)
			add(1+2*set, bit(given))
			switch {
			case waits:
				add(2+2*set, Cell{})
			case given && !back:
				add(2+2*set, Cell{Text: "0", Class: "ghost"})
			default:
				add(2+2*set, bit(back))
			}
		}
		add(5, Cell{Text: p.What(fd)})
	}
	return g
}

func bit(isSet bool) Cell {
	if isSet {
		return Cell{Text: "1", Class: "on"}
	}
	return Cell{Text: "0"}
}

// entries shows the list of poll.
func (c *scene) entries(call *recording.Call, p *recording.ProcessState, waits bool) Grid {
	g := Grid{Title: c.title("the list of poll"), Class: "cells", Note: "The kernel fills revents in. An entry with fd -1 is passed over."}
	if waits {
		g.Note = "It waits: no revents yet."
	}
	g.Rows = [][]Cell{{{Text: "fd"}}, {{Text: "events"}}, {{Text: "revents"}}, {{Text: "stands for"}}}
	for _, w := range call.Watch {
		revents := Cell{Text: "0"}
		for _, ready := range call.Ready {
			if ready.FD == w.FD {
				revents = Cell{Text: short(ready.Events), Class: "on"}
			}
		}
		if waits {
			revents = Cell{}
		}
		events := Cell{Text: short(w.Events)}
		if w.FD < 0 {
			events, revents = Cell{Text: "–"}, Cell{Text: "–"}
		}
		for i, cell := range []Cell{{Text: strconv.Itoa(w.FD)}, events, revents, {Text: p.What(w.FD)}} {
			g.Rows[i] = append(g.Rows[i], cell)
		}
	}
	return g
}

// short returns events without what all of them begin with.
func short(events string) string {
	return strings.NewReplacer("EPOLL", "", "POLL", "", "|", " ").Replace(events)
}

// interest shows epoll's interest list, with an arrow where epoll_ctl changes it.
func (c *scene) interest(row *recording.RowState, p *recording.ProcessState) Grid {
	g := Grid{Title: c.title("interest list"), Class: "list", Note: "It stays in the kernel from one wait to the next.", Head: []string{"descriptor", "stands for", "events"}}
	changed := -1
	if call := c.now.call; call != nil && call.Name == "epoll_ctl" && c.now.returned && call.Row == row.Name {
		changed = call.Watch[0].FD
		g.Note = fmt.Sprintf("epoll_ctl → %s %d", strings.TrimPrefix(call.Args, "EPOLL_CTL_"), changed)
	}
	for _, w := range row.Watch {
		line := listed(w, p)
		if w.FD == changed {
			line[0].Class = "hot"
		}
		g.Rows = append(g.Rows, line)
	}
	return g
}

// ready shows epoll's ready list, which follows from the calls and the steps.
func (c *scene) ready(row *recording.RowState, p *recording.ProcessState) Grid {
	g := Grid{Title: c.title("ready list (derived)"), Class: "list", Note: "The kernel shows this list to nobody: it follows from the calls and from what the clients did.", Head: []string{"descriptor", "stands for", "events"}}
	if call := c.now.call; call != nil && call.Name == "epoll_wait" && c.now.returned && call.Row == row.Name && call.Result > 0 {
		g.Note = fmt.Sprintf("→ epoll_wait returned %s", many(call.Result, "entry", "entries"))
	}
	for _, w := range c.s.Ready(row) {
		g.Rows = append(g.Rows, listed(w, p))
	}
	if g.Rows == nil {
		g.Rows = [][]Cell{{{Text: "–"}, {Text: "empty"}, {}}}
	}
	return g
}

func listed(w recording.Watch, p *recording.ProcessState) []Cell {
	return []Cell{{Text: strconv.Itoa(w.FD)}, {Text: p.What(w.FD)}, {Text: short(w.Events)}}
}

// onePlace shows where lesson 1 waits, and who is kept waiting.
func (c *scene) onePlace(row *recording.RowState) Grid {
	in, blockedOn := "nothing: it computes", ""
	if row.In != nil {
		in = fmt.Sprintf("%s, for %s", row.In.Name, object(row.In.FD, row.In.What))
		blockedOn = row.In.What
	}
	var kept []string
	for _, client := range c.s.Clients {
		switch {
		case client.Name == blockedOn:
		case client.Is == "queued" && blockedOn != "server", client.Is == "served" && client.Unread > 0:
			kept = append(kept, client.Name)
		}
	}
	if kept == nil {
		kept = []string{"nobody"}
	}
	return Grid{Title: "one place to wait", Class: "list", Rows: [][]Cell{
		{{Text: "is inside"}, {Text: in}}, {{Text: "kept waiting"}, {Text: strings.Join(kept, ", ")}},
	}}
}

// queues shows the accept queues: one for all workers, or one for each.
func (c *scene) queues() []Grid {
	g := Grid{Title: "accept queues", Class: "list", Note: "One accept queue for all workers."}
	var names []string
	for _, p := range c.s.Processes {
		for _, d := range p.Descriptors {
			if isServer(d.What) && !slices.Contains(names, d.What) {
				names = append(names, d.What)
			}
		}
	}
	if len(names) > 1 {
		g.Note = "Each worker has a listening socket, and so a queue, of its own (SO_REUSEPORT)."
	}
	for _, name := range names {
		waiting := strings.Join(c.s.Queues[name], ", ")
		if waiting == "" {
			waiting = "empty"
		}
		g.Rows = append(g.Rows, []Cell{{Text: longName(name)}, {Text: waiting}})
	}
	return []Grid{g}
}

// workers shows who wakes, who wins, and who wakes in vain.
func (c *scene) workers() Grid {
	g := Grid{Title: "workers", Class: "list workers", Head: []string{"worker", "now", "woken", "accepted", "in vain", "serves"}}
	for _, p := range c.s.Processes {
		if !isLoop(p.Name) {
			continue
		}
		t := c.tally(p.Name)
		now, class := t.last, ""
		if row := c.row(p.Name); row != nil && row.In != nil && isWait(c.r, row.In) && t.last != "woken" {
			now = strings.TrimPrefix(t.last+"; waits in "+row.In.Name, "; ")
		}
		if call := c.now.call; call != nil && call.Process() == p.Name {
			class = "hot"
			if now == "" && c.client(call.What) != nil {
				now = "serves " + call.What
			}
		}
		var serves []string
		for _, client := range c.s.Clients {
			if client.Process == p.Name {
				serves = append(serves, client.Name)
			}
		}
		g.Rows = append(g.Rows, []Cell{{Text: p.Name, Class: class}, {Text: now}, {Text: strconv.Itoa(t.woken)},
			{Text: strconv.Itoa(t.accepted)}, {Text: strconv.Itoa(t.inVain)}, {Text: strings.Join(serves, ", ")}})
	}
	return g
}

// named returns whom the sentence is about: clients, and others.
func (c *scene) named() []string {
	if c.now.step != nil {
		return []string{c.now.step.Client}
	}
	call := c.now.call
	if call == nil {
		return nil
	}
	names := []string{call.What}
	if c.now.returned {
		for _, d := range call.Opened {
			names = append(names, d.What)
		}
		if process := c.s.Process(call.Process()); process != nil {
			for _, w := range call.Ready {
				names = append(names, process.What(w.FD))
			}
		}
	}
	return names
}

func (c *scene) client(name string) *recording.ClientState {
	for i := range c.s.Clients {
		if c.s.Clients[i].Name == name {
			return &c.s.Clients[i]
		}
	}
	return nil
}

// clients shows the clients, and what the kernel holds of each.
func (c *scene) clients() Grid {
	g := Grid{Title: "clients", Class: "list", Head: []string{"client", "is", "descriptor", "unread bytes", "owed bytes"}}
	is := map[string]string{"": "not here yet", "queued": "in queue", "served": "connected", "left": "gone"}
	for _, client := range c.s.Clients {
		name := Cell{Text: client.Name}
		if slices.Contains(c.named(), client.Name) {
			name.Class = "hot"
		}
		state, fd := is[client.Is], "–"
		if client.Ended != "" && client.Is != "left" {
			state += ", has " + client.Ended
		}
		if client.FD >= 0 {
			fd = strconv.Itoa(client.FD)
		}
		g.Rows = append(g.Rows, []Cell{name, {Text: state}, {Text: fd}, {Text: strconv.Itoa(client.Unread)}, {Text: strconv.Itoa(client.Owed)}})
	}
	return g
}
