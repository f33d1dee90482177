package recording

import "slices"

// Ready returns what of a row's Watch is ready at this moment, by the calls and
// the steps so far. For epoll that is its ready list, which the kernel shows to
// nobody: so it is derived. One thing cannot be: when exactly a client that
// reads has made room for a writer. Here it has as soon as it reads at all. Of the
// workers that watch a listening socket with EPOLLEXCLUSIVE the kernel chooses one:
// here that is the one that is told, by the calls that follow.
func (s *State) Ready(row *RowState) []Watch {
	var ready []Watch
	p := s.Process(row.Process())
	for _, w := range row.Watch {
		if s.isReady(w, p) && (!w.IsExclusive() || s.isChosen(row, w.FD)) {
			ready = append(ready, w)
		}
	}
	return ready
}

func (s *State) isReady(w Watch, p *ProcessState) bool {
	what := p.What(w.FD)
	if what == "stop" {
		return p.Stopping
	}
	if queue, ok := s.Queues[what]; ok {
		return w.IsReader() && len(queue) > 0
	}
	at := slices.IndexFunc(s.Clients, func(c ClientState) bool { return c.Name == what })
	if at < 0 {
		return false
	}
	c := s.Clients[at]
	if c.Ended == "reset" && !c.endRead {
		return true
	}
	return w.IsReader() && (c.Unread > 0 || c.Ended != "" && !c.endRead) || w.IsWriter() && !c.noRoom
}

// isChosen reports whether a row is the one that the kernel tells of an arrival.
func (s *State) isChosen(row *RowState, fd int) bool {
	next, told := s.tells(row.Name, fd)
	if told {
		return true
	}
	for i := range s.Rows {
		for _, w := range s.Rows[i].Watch {
			if other, _ := s.tells(s.Rows[i].Name, w.FD); w.IsExclusive() && other > 0 && other < next {
				return false
			}
		}
	}
	return next > 0
}

// tells returns the next moment when a wait of a row's reports a descriptor, 0 if
// none does; and whether the one before did, and no other has begun.
func (s *State) tells(row string, fd int) (next int, told bool) {
	for i := range s.calls {
		c := &s.calls[i]
		if c.Row != row || c.Name != "epoll_wait" {
			continue
		}
		reports := slices.ContainsFunc(c.Ready, func(w Watch) bool { return w.FD == fd })
		switch {
		case c.Returned > 0 && c.Returned <= s.Moment:
			told = reports
		case c.Entered <= s.Moment:
			told = false
		}
		if c.Returned > s.Moment && reports && (next == 0 || c.Returned < next) {
			next = c.Returned
		}
	}
	return next, told
}
