package main

import (
	"fmt"
	"slices"

	"example.com/echo/docs/recording"
)

// The columns of acceptQueue.
const (
	filesX, filesW     = 160, 208
	clientsX, clientsW = 464, 80
	queueH             = 148
)

// acceptQueue draws lesson 1 while a client that has spoken waits in the accept
// queue: descriptors, the open files behind them, and the clients.
func acceptQueue(p *picture, step int, lessons []*recording.Recording) {
	r := lessons[0]
	s := r.State(r.Steps[step+1].At - 1)
	in, speaks := s.Rows[0].In, r.Steps[step].Client
	p.heading(fmt.Sprintf("Lesson 1: %s has connected and speaks, %s is served", speaks, in.What))
	p.text("faint", margin, p.y+12, "descriptor table")
	p.text("faint", filesX, p.y+12, "open files (kernel)")
	p.text("faint middle", clientsX+clientsW/2, p.y+12, "clients")
	p.y += 24
	for _, d := range s.Processes[0].Descriptors {
		p.cell("plain", margin, p.y, 44, fmt.Sprint(d.FD))
		p.arrow(margin+44, p.y+rowH/2, filesX, p.y+rowH/2)
		switch d.What {
		case "server":
			p.listener(s, speaks)
			p.y += queueH - rowH
		case "log":
			p.file("standard output: log")
		case in.What:
			p.rect("win", filesX, p.y, filesW, rowH)
			p.text("", filesX+12, p.y+21, "connected socket: "+d.What)
			p.cell("plain", clientsX, p.y, clientsW, d.What)
			p.arrow(clientsX, p.y+rowH/2, filesX+filesW, p.y+rowH/2)
			p.mark(margin+74, p.y+6, "The server waits in %s(%d), for %s. It calls accept again only when %s has left.", in.Name, d.FD, d.What, d.What)
		default:
			p.file(d.What)
		}
		p.y += rowH + 8
	}
	p.y += 12
}

func (p *picture) file(what string) {
	p.rect("box", filesX, p.y, filesW, rowH)
	p.text("", filesX+12, p.y+21, what)
}

// listener draws the listening socket with the accept queue, and how the client
// that waits there came into it.
func (p *picture) listener(s *recording.State, name string) {
	client := s.Clients[slices.IndexFunc(s.Clients, func(c recording.ClientState) bool { return c.Name == name })]
	p.rect("box", filesX, p.y, filesW, queueH)
	p.text("", filesX+12, p.y+21, "listening socket")
	p.text("faint", filesX+12, p.y+58, "accept queue")
	queue := s.Queues["server"]
	for place := range 2 {
		x := filesX + 12 + place*96
		if place < len(queue) {
			p.cell("wait", x, p.y+68, 88, queue[place])
			p.text("middle faint", x+44, p.y+116, fmt.Sprintf("%d bytes", client.Unread))
		} else {
			p.cell("ghost", x, p.y+68, 88, "")
		}
	}
	p.rect("plain", clientsX, p.y, clientsW, queueH)
	p.text("mono middle", clientsX+clientsW/2, p.y+21, name)
	for i, packet := range []string{"SYN", "SYN-ACK", "ACK"} {
		y, from, to := p.y+46+i*40, clientsX, filesX+filesW
		if i == 1 {
			from, to = to, from
		}
		p.text("middle", (clientsX+filesX+filesW)/2, y-7, packet)
		p.arrow(from, y, to, y)
	}
	p.mark(clientsX+clientsW/2-10, p.y+40, "The kernel answers the SYN of %s by itself. The server makes no call for the handshake.", name)
	p.mark(filesX+filesW-32, p.y+42, "Now %s waits in the accept queue of socket 3, without a descriptor. The %d bytes that %s has sent wait in the buffer of the connection.", name, client.Unread, name)
}
