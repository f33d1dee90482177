package recording

import "slices"

// Ready returns what of a row's Watch is ready at this moment, by the calls and
// the steps so far. For epoll that is its ready list, which the kernel shows to
// nobody: so it is derived. One thing cannot be: when exactly a client that
// reads has made room for a writer. Here it has as soon as it reads at all.
func (s *State) Ready(row *RowState) []Watch {
	var ready []Watch
	p := s.Process(row.Process())
	for _, w := range row.Watch {
		if s.isReady(w, p) {
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
