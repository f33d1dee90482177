package main

import (
	"fmt"
	"strings"

	"example.com/echo/docs/recording"
)

// The columns of workers.
const (
	workerW = 120
	pitch   = 136
	socketH = 88
)

// A worker is what one of lesson 5's did when a client arrived.
type worker struct {
	name   string
	slept  *recording.Call // where it was
	wait   *recording.Call // the same, if it returned
	accept *recording.Call // nil if it slept on
}

func (w *worker) hasWon() bool { return w.accept != nil && w.accept.Error == "" }

// workers draws lesson 5 when a client arrives: the accept queues, which of the
// workers wake, and which of them gets the client.
func workers(p *picture, step int, lessons []*recording.Recording) {
	r := lessons[0]
	client := r.Steps[step].Client
	var all []worker
	winner, woken := 0, 0
	for i, known := range r.Processes[1:] {
		w := workerIn(r, step, known.Name)
		all = append(all, w)
		if w.wait != nil {
			woken++
		}
		if w.hasWon() {
			winner = i
		}
	}
	listen := strings.TrimPrefix(r.Script, "four-workers-one-arrival-")
	p.heading(fmt.Sprintf("Lesson 5, -listen=%s: an arrival wakes %d of %d", listen, woken, len(all)))
	middle := margin + winner*pitch + workerW/2
	p.cell("plain", middle-40, p.y, 80, client)
	p.arrow(middle, p.y+rowH, middle, p.y+rowH+24)
	p.y += rowH + 24
	p.queues(listen, client, winner, len(all))
	p.y += socketH
	for i, w := range all {
		p.worker(margin+i*pitch, w)
	}
	won := all[winner]
	p.markWorker(winner, "%s gets %s: accept4 returns %d, the descriptor of the new connection.", won.name, client, won.accept.Result)
	other := (winner + 1) % len(all)
	if woken > 1 {
		p.markWorker(other, "The other %d wake in vain. The queue is empty by now, so accept4 returns %s.", woken-1, all[other].accept.Error)
	} else {
		p.markWorker(other, "The other %d do not wake, and make no call in vain.", len(all)-woken)
	}
	p.y += 202
}

// queues draws the listening sockets.
func (p *picture) queues(listen, client string, winner, workers int) {
	if listen != "reuseport" {
		p.rect("box", margin, p.y, width-2*margin, socketH)
		p.text("", margin+12, p.y+24, "one listening socket, one accept queue")
		p.cell("wait", margin+winner*pitch+workerW/2-40, p.y+44, 80, client)
		caption := "All workers wait for the same socket. When %s is put into its accept queue, the kernel wakes them all."
		if listen == "exclusive" {
			caption = "All workers watch the same socket, with EPOLLEXCLUSIVE. When %s is put into its accept queue, the kernel wakes only one."
		}
		p.mark(width-margin-32, p.y+10, caption, client)
		return
	}
	for i := range workers {
		x := margin + i*pitch
		p.rect("box", x, p.y, workerW, socketH)
		p.text("middle", x+workerW/2, p.y+24, "own socket")
		if i == winner {
			p.cell("wait", x+workerW/2-40, p.y+44, 80, client)
		} else {
			p.cell("ghost", x+workerW/2-40, p.y+44, 80, "")
		}
	}
	p.mark(margin+winner*pitch+6, p.y-22, "Each worker has a listening socket with an accept queue of its own. The kernel puts %s into one of them.", client)
}

// markWorker puts the number of the next caption into a worker.
func (p *picture) markWorker(i int, caption string, args ...any) {
	p.mark(margin+i*pitch+workerW-28, p.y+158, caption, args...)
}

// worker draws what a worker did, below its socket.
func (p *picture) worker(x int, w worker) {
	class, lines := "box", []string{w.slept.Name, "still waits"}
	if w.accept != nil {
		class, lines = "wait", []string{w.wait.Name, fmt.Sprintf("= %d", w.wait.Result), w.accept.Name, "= -1 " + w.accept.Error}
	}
	if w.hasWon() {
		class, lines[3] = "win", fmt.Sprintf("= %d", w.accept.Result)
	}
	if w.wait != nil {
		p.arrow(x+workerW/2, p.y, x+workerW/2, p.y+36)
		p.text("faint", x+workerW/2+8, p.y+22, "wakes")
	}
	p.rect(class, x, p.y+36, workerW, 150)
	p.text("middle strong", x+workerW/2, p.y+60, w.name)
	for i, line := range lines {
		p.text("mono", x+8, p.y+88+21*i, line)
	}
}

// workerIn returns what a worker did in a step.
func workerIn(r *recording.Recording, step int, name string) worker {
	w := worker{name: name, wait: returns(r, step, name)}
	for _, row := range r.State(r.Steps[step].At).Rows {
		if row.Name == name {
			w.slept = row.In
		}
	}
	for i := range r.Calls {
		if c := &r.Calls[i]; c.Name == "accept4" && c.Row == name && r.StepAt(c.Entered) == step {
			w.accept = c
		}
	}
	return w
}
