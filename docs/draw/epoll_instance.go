package main

import (
	"fmt"
	"strings"

	"example.com/echo/docs/recording"
)

// epollInstance draws lesson 4 while an epoll_wait is about to return: the
// instance's two lists, and the open files that they are about.
func epollInstance(p *picture, step int, lessons []*recording.Recording) {
	const (
		fileX, fileW = 80, 150
		boxX         = 296
		entryX       = boxX + 12
		entryW       = width - margin - 12 - entryX
	)
	r := lessons[0]
	wait := returns(r, step, "server")
	s := r.State(wait.Returned - 1)
	server, loop := s.Process("server"), &s.Rows[0]
	ready := s.Ready(loop)
	p.heading("Lesson 4: the epoll instance when epoll_wait returns")
	p.text("faint", margin, p.y+12, "descriptors, open files (kernel)")
	p.y += 24
	top := p.y
	height := 114 + (len(loop.Watch)+len(ready))*(rowH+6)
	p.rect("box", boxX, top, width-margin-boxX, height)
	p.cell("plain", margin, p.y, 44, fmt.Sprint(server.Epoll))
	p.arrow(margin+44, p.y+rowH/2, boxX, p.y+rowH/2)
	p.text("strong", entryX, p.y+21, "epoll instance")
	p.text("", entryX, p.y+58, "interest list")
	p.mark(entryX+entryW-20, p.y+43, "epoll_ctl has put each entry here once: ADD. With MOD the loop changed what it waits for.")
	p.y += 70
	for _, w := range loop.Watch {
		p.cell("plain", margin, p.y, 44, fmt.Sprint(w.FD))
		p.arrow(margin+44, p.y+rowH/2, fileX, p.y+rowH/2)
		p.rect("box", fileX, p.y, fileW, rowH)
		p.text("", fileX+12, p.y+21, fileOf(server.What(w.FD)))
		p.arrow(entryX, p.y+rowH/2, fileX+fileW, p.y+rowH/2)
		p.rect("set", entryX, p.y, entryW, rowH)
		p.text("mono", entryX+10, p.y+21, fmt.Sprintf("%-2d %s", w.FD, w.Events))
		p.text("end", entryX+entryW-10, p.y+21, strings.Join(operations(r, w.FD, wait.Returned), ", "))
		p.y += rowH + 6
	}
	p.mark(fileX+fileW+26, p.y-30, "An entry holds the number of a descriptor, and leads to the open file behind it.")
	p.text("", entryX, p.y+26, "ready list (derived)")
	p.mark(entryX+entryW-20, p.y+11, "The kernel adds an entry here when something happens: bytes of %s have arrived. No program can see this list. It is derived from the calls.", server.What(ready[0].FD))
	p.y += 38
	for _, w := range ready {
		p.rect("win", entryX, p.y, entryW, rowH)
		p.text("mono", entryX+10, p.y+21, fmt.Sprintf("%-2d %s", w.FD, w.Events))
		p.y += rowH + 6
	}
	p.text("mono", margin, p.y-17, fmt.Sprintf("epoll_wait(%d, …) = %d", server.Epoll, wait.Result))
	p.arrow(entryX, p.y-22, margin+222, p.y-22)
	p.mark(margin, p.y-58, "epoll_wait copies what is in the ready list. It looks at nothing else, however long the interest list is.")
	p.y = top + height + 16
}

// fileOf says which open file a descriptor leads to.
func fileOf(what string) string {
	switch what {
	case "server":
		return "listening socket"
	case "stop":
		return "stop pipe"
	}
	return "socket of " + what
}

// operations returns what epoll_ctl did about a descriptor that is open, before
// a moment: ADD, MOD.
func operations(r *recording.Recording, fd, moment int) (all []string) {
	for _, c := range r.Calls {
		if c.Returned >= moment || c.Returned == 0 || c.Name != "epoll_ctl" || c.Watch[0].FD != fd {
			continue
		}
		if c.Args == "EPOLL_CTL_DEL" {
			all = nil
			continue
		}
		all = append(all, strings.TrimPrefix(c.Args, "EPOLL_CTL_"))
	}
	return all
}
