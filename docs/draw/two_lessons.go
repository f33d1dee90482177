package main

import (
	"fmt"

	"example.com/echo/docs/recording"
)

const (
	shownSteps = 4
	seconds    = 4   // for a moment
	boxH       = 216 // of a lesson
	entryPitch = 74  // how far apart the entries of epoll's lists are
)

// twoLessons draws what select and epoll_wait look at while the same clients are
// served. It moves from moment to moment, two in a step: something happens and the
// waits return, then the loops wait again. For readers who want nothing to move,
// what the waits return stands below each other.
func twoLessons(p *picture, step int, lessons []*recording.Recording) {
	p.heading("The same clients: lesson 2 (select), lesson 4 (epoll)")
	top, moments, looked := p.y, 0, [2]int{}
	for k := step; k < step+shownSteps; k++ {
		for phase, what := range []string{" Both waits return.", " Then both wait again."} {
			fmt.Fprintf(&p.body, "<g class=\"moment\" style=\"animation-delay:%ds\">\n", moments*seconds)
			p.y = top
			p.text("strong", margin, p.y+12, lessons[0].Steps[k].Text+what)
			p.y += 32
			p.selectAt(lessons[0], k, phase, &looked[0])
			p.epollAt(lessons[1], k, phase, &looked[1])
			p.body.WriteString("</g>\n")
			moments++
		}
	}
	p.body.WriteString("<g class=\"still\">\n")
	p.y = top
	for k := step; k < step+shownSteps; k++ {
		p.text("strong", margin, p.y+12, lessons[0].Steps[k].Text)
		p.y += 24
		bits, _, _ := waitAt(lessons[0], k, 0)
		p.bits("select", bits.Size, readers(bits.Watch), readers(bits.Ready))
		p.text("", margin, p.y+21, "epoll")
		epoll, s, _ := waitAt(lessons[1], k, 0)
		p.entries(s, epoll.Ready, "win")
		p.y += rowH + 28
	}
	p.body.WriteString("</g>\n")
	p.y += 4
	instance := returns(lessons[1], step, "server").FD
	p.captions = []string{
		fmt.Sprintf("select looks at every bit, and so does the loop: at %d bits in these %d steps. It has cleared the dashed ones.", looked[0], shownSteps),
		fmt.Sprintf("epoll_wait looks only at its ready list: at %d entries. (No program can see this list. This picture concludes it from the calls.) The epoll instance is descriptor %d, so the clients' numbers begin after it.", looked[1], instance),
	}
	p.moves = fmt.Sprintf(`.moment{visibility:hidden}
@media(prefers-reduced-motion:no-preference){
.still{display:none}
.moment{animation:moment %ds step-end infinite}
@keyframes moment{0%%{visibility:visible}%.4g%%{visibility:hidden}}
}
`, moments*seconds, 100/float64(moments))
}

// selectAt draws lesson 2 at a moment of a step, and counts the bits.
func (p *picture) selectAt(r *recording.Recording, step, phase int, looked *int) {
	c, s, result := waitAt(r, step, phase)
	set := c.Watch
	if phase == 0 {
		set = c.Ready
		*looked += c.Size
	}
	p.rect("box", margin-8, p.y, width-2*margin+16, boxH)
	p.number(margin, p.y+10, 1)
	p.text("mono", margin+30, p.y+25, fmt.Sprintf("select(%d, …) %s", c.Size, result))
	p.text("end", width-margin, p.y+25, fmt.Sprintf("bits looked at: %d", *looked))
	y := p.y + boxH + 12
	p.y += 46
	p.bitNumbers(c.Size)
	p.bits("readers", c.Size, readers(c.Watch), readers(set))
	p.bits("writers", c.Size, nil, nil)
	for _, w := range c.Watch {
		p.text("middle faint", bitsX+w.FD*bitW+bitW/2-2, p.y+14+22*(w.FD%2), s.Process("server").What(w.FD))
	}
	p.y = y
}

// epollAt draws lesson 4 at a moment of a step, and counts the entries.
func (p *picture) epollAt(r *recording.Recording, step, phase int, looked *int) {
	c, s, result := waitAt(r, step, phase)
	class := "wait"
	if phase == 0 {
		class = "win"
		*looked += c.Result
	}
	p.rect("box", margin-8, p.y, width-2*margin+16, boxH)
	p.number(margin, p.y+10, 2)
	p.text("mono", margin+30, p.y+25, fmt.Sprintf("epoll_wait(%d, …) %s", c.FD, result))
	p.text("end", width-margin, p.y+25, fmt.Sprintf("entries looked at: %d", *looked))
	y := p.y + boxH
	for _, list := range []struct {
		name, class string
		watch       []recording.Watch
	}{{"interest list", "set", s.Rows[0].Watch}, {"ready list", class, s.Ready(&s.Rows[0])}} {
		p.y += 62
		p.text("", margin, p.y, list.name)
		p.y += 10
		p.entries(s, list.watch, list.class)
		p.y += 10
	}
	p.y = y
}

// waitAt returns the call that a loop waits in at a moment of a step, how things
// stand then, and what has become of the call.
func waitAt(r *recording.Recording, step, phase int) (*recording.Call, *recording.State, string) {
	if phase == 0 {
		c := returns(r, step, "server")
		return c, r.State(c.Returned), fmt.Sprintf("= %d", c.Result)
	}
	s := r.State(r.Steps[step+1].At - 1)
	return s.Rows[0].In, s, "waits"
}

// entries draws entries of one of epoll's lists, with names below.
func (p *picture) entries(s *recording.State, watch []recording.Watch, class string) {
	server := s.Process("server")
	if len(watch) == 0 {
		p.cell("ghost", bitsX, p.y, entryPitch-6, "")
	}
	for i, w := range watch {
		x := bitsX + i*entryPitch
		p.cell(class, x, p.y, entryPitch-6, fmt.Sprint(w.FD))
		p.text("middle faint", x+(entryPitch-6)/2, p.y+rowH+16, server.What(w.FD))
	}
}
