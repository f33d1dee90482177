package main

import (
	"fmt"
	"slices"

	"example.com/echo/docs/recording"
)

// Where bits begin, and how far apart they are.
const (
	bitsX = 96
	bitW  = 37 // there is room for 12
)

// bitSets draws the sets that a select of lesson 2 was given, and what it left of
// them.
func bitSets(p *picture, step int, lessons []*recording.Recording) {
	r := lessons[0]
	c := returns(r, step, "server")
	server := r.State(c.Entered).Process("server")
	p.heading("Lesson 2: the sets of bits before select and after it")
	p.bitNumbers(c.Size)
	p.text("strong", margin, p.y+12, "before")
	p.mark(width-margin-20, p.y-4, "The loop sets the bits of those whom it waits for. %d is the highest bit plus 1: the kernel looks at bits 0 to %d.", c.Size, c.Size-1)
	p.y += 24
	p.bits("readers", c.Size, readers(c.Watch), readers(c.Watch))
	p.bits("writers", c.Size, writers(c.Watch), writers(c.Watch))
	middle := bitsX + c.Size*bitW/2
	p.arrow(middle, p.y, middle, p.y+36)
	p.text("mono", middle+16, p.y+23, fmt.Sprintf("select(%d, …) = %d", c.Size, c.Result))
	p.y += 46
	p.text("strong", margin, p.y+12, "after")
	ready := c.Ready[0]
	p.mark(width-margin-44, p.y-4, "select has cleared the bits of those who are not ready (dashed). Bit %d is left: %s can be read.", ready.FD, server.What(ready.FD))
	p.mark(width-margin-20, p.y-4, "The loop looks at every bit to find that one. Next time select gets fresh copies of both sets.")
	p.y += 24
	p.bits("readers", c.Size, readers(c.Watch), readers(c.Ready))
	p.bits("writers", c.Size, writers(c.Watch), writers(c.Ready))
	for _, w := range c.Watch {
		p.text("middle faint", bitsX+w.FD*bitW+bitW/2-2, p.y+14+20*(w.FD%2), server.What(w.FD))
	}
	p.y += 54
}

func (p *picture) bitNumbers(size int) {
	p.text("faint", margin, p.y+12, "bit")
	for fd := range size {
		p.text("mono middle faint", bitsX+fd*bitW+bitW/2-2, p.y+12, fmt.Sprint(fd))
	}
	p.y += 24
}

// bits draws a set: the bits that are set, and those that were and are no more.
func (p *picture) bits(name string, size int, were, are []int) {
	p.text("", margin, p.y+21, name)
	for fd := range size {
		class, bit := "plain", "0"
		switch {
		case slices.Contains(are, fd):
			class, bit = "set", "1"
		case slices.Contains(were, fd):
			class = "ghost"
		}
		p.cell(class, bitsX+fd*bitW, p.y, bitW-4, bit)
	}
	p.y += rowH + 6
}

func readers(watch []recording.Watch) []int { return (&recording.RowState{Watch: watch}).Readers() }
func writers(watch []recording.Watch) []int { return (&recording.RowState{Watch: watch}).Writers() }
