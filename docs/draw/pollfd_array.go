package main

import (
	"fmt"

	"example.com/echo/docs/recording"
)

// pollfdArray draws the array that a poll of lesson 3 was given, and what poll
// wrote into it.
func pollfdArray(p *picture, step int, lessons []*recording.Recording) {
	const placeX, fdX, eventsX, reventsX, nameX = margin, 84, 152, 276, 400
	r := lessons[0]
	c := returns(r, step, "server")
	server := r.State(c.Entered).Process("server")
	p.heading(fmt.Sprintf("Lesson 3: the pollfd array of poll(…, %d, …) = %d", c.Size, c.Result))
	p.text("faint", fdX, p.y+12, "from the loop")
	p.mark(fdX+144, p.y-3, "The loop writes fd and events. poll only reads them, so nothing is to be filled in again.")
	p.text("faint", reventsX, p.y+12, "from poll")
	p.mark(reventsX+84, p.y-3, "poll writes revents, into each place: what happened there. The loop looks at all %d places.", c.Size)
	p.y += 40
	for _, column := range []struct {
		x    int
		name string
	}{{placeX, "place"}, {fdX, "fd"}, {eventsX, "events"}, {reventsX, "revents"}} {
		p.text("strong", column.x, p.y, column.name)
	}
	p.y += 10
	for place, w := range c.Watch {
		p.text("mono faint", placeX+8, p.y+21, fmt.Sprint(place))
		class, happened := "ghost", "0"
		for _, ready := range c.Ready {
			if ready.FD == w.FD {
				happened = ready.Events
			}
		}
		if w.FD >= 0 {
			class = "set"
			p.text("", nameX, p.y+21, server.What(w.FD))
		}
		p.cell(class, fdX, p.y, 56, fmt.Sprint(w.FD))
		p.cell(class, eventsX, p.y, 104, w.Events)
		switch {
		case happened != "0":
			class = "win"
		case w.FD >= 0:
			class = "plain"
		}
		p.cell(class, reventsX, p.y, 104, happened)
		p.y += rowH + 4
	}
	p.mark(nameX, 118, "-1 marks an empty place; poll passes over it. Here each descriptor has the place of its number.")
	p.y += 12
}
