//go:build linux

package recorder

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/echo/docs/recording"
	"golang.org/x/sys/unix"
)

// A player plays a script to a server.
type player struct {
	server  *server
	clients []*client
	buffer  []byte
	steps   []playedStep
}

// A playedStep is a step, when it began, and how things stood when it was done.
type playedStep struct {
	Step
	begin     float64 // in seconds since 1970, as strace has it
	done      float64
	clients   []recording.Connection
	processes map[int]quietProcess
	lasts     map[int]float64 // by thread, when it entered the call that it is in now
}

// A quietProcess is what the kernel says of a process that waits.
type quietProcess struct {
	queue       int // length of its socket's accept queue
	descriptors []int
	interest    []recording.Watch // of epoll
}

// bytes returns what a client sends.
func (s Step) bytes() []byte {
	return bytes.Repeat([]byte(s.Data), max(1, s.Size))
}

// play starts the program and plays the script, and a last step, to the end.
func play(ctx context.Context, dir, program string, s Script, flags []string) (*player, error) {
	begin := now()
	server, err := launch(ctx, dir, program, s.Strace, flags)
	if err != nil {
		return nil, err
	}
	defer server.kill()
	p := &player{server: server, buffer: make([]byte, 1<<20)}
	defer p.closeAll()
	first := Step{Does: Starts, Text: "The server starts."}
	if err := p.finish(first, begin); err != nil {
		return nil, err
	}
	steps := s.Steps
	if !slices.ContainsFunc(steps, func(s Step) bool { return s.Does == Stops }) {
		steps = append(slices.Clone(steps), Step{Does: Stops, Text: "The server is told to stop: it gets SIGTERM."})
	}
	for _, step := range steps {
		begin, logged := now(), len(server.text("log"))
		if err := p.act(step); err != nil {
			return nil, err
		}
		err := wait(fmt.Sprintf("%q in the log", step.Log), func() (bool, error) {
			return strings.Contains(server.text("log")[logged:], step.Log), nil
		})
		if err != nil {
			return nil, err
		}
		if err := p.finish(step, begin); err != nil {
			return nil, fmt.Errorf("%s %w", step.Text, err)
		}
	}
	if len(server.processes()) > 0 {
		return nil, errors.New("the server has not stopped")
	}
	err = server.cmd.Wait()
	switch complaint := server.text("errors"); {
	case strings.Contains(complaint, "strace: "):
		return nil, fmt.Errorf("%w: %s", errChance, complaint)
	case err != nil:
		return nil, fmt.Errorf("the server ended with %w: %s", err, complaint)
	}
	return p, nil
}

func now() float64 { return float64(time.Now().UnixMicro()) / 1e6 }

func (p *player) closeAll() {
	for _, c := range p.clients {
		c.close()
	}
}

func (p *player) client(name string) *client {
	at := slices.IndexFunc(p.clients, func(c *client) bool { return c.name == name })
	return p.clients[at]
}

// act does what the step says.
func (p *player) act(s Step) error {
	switch s.Does {
	case Connects, Narrow:
		c, err := dial(s.Who, p.server.port, s.Does == Narrow)
		if err == nil {
			p.clients = append(p.clients, c)
		}
		return err
	case Urgent:
		return p.server.signal(p.server.pid, unix.SIGURG, true)
	case Limit:
		return p.limitDescriptors()
	case Rests:
		return p.awaitRest()
	case Kills:
		pid, err := p.serving(p.client(s.Who))
		if err != nil {
			return err
		}
		return unix.Kill(pid, unix.SIGKILL)
	case Stops:
		return p.server.signal(p.server.pid, unix.SIGTERM, false)
	}
	return p.client(s.Who).act(s)
}

// limitDescriptors lets the server open no descriptor above its highest.
func (p *player) limitDescriptors() error {
	open := descriptors(p.server.pid)
	limit := uint64(open[len(open)-1] + 1)
	return unix.Prlimit(p.server.pid, unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: limit, Max: limit}, nil)
}

// awaitRest waits until a wait has ended by its timeout.
func (p *player) awaitRest() error {
	begin := now()
	return wait("a wait to end by its timeout", func() (bool, error) {
		isTimeout := func(l *line) bool { return l.end > begin && waitTimeout(l) > 0 && l.result == 0 }
		return slices.ContainsFunc(p.server.lines(), isTimeout), nil
	})
}

// serving returns the number of the process that has accepted a client.
func (p *player) serving(c *client) (int, error) {
	for _, l := range p.server.lines() {
		if l.call == "accept4" && strings.Contains(l.arg(1), fmt.Sprintf("htons(%d)", c.port)) {
			return processOf(l.tid), nil
		}
	}
	return 0, errors.New("nobody serves " + c.name)
}

// descriptors returns what a process has open, in order.
func descriptors(pid int) (fds []int) {
	entries, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	for _, entry := range entries {
		fd, _ := strconv.Atoi(entry.Name())
		fds = append(fds, fd)
	}
	slices.Sort(fds)
	return fds
}

// drain has all clients that read take what is there.
func (p *player) drain() (any bool) {
	for _, c := range p.clients {
		for c.drain(p.buffer) {
			any = true
		}
	}
	return any
}

// finish waits until a step is done, and asks the kernel how things stand.
func (p *player) finish(s Step, begin float64) error {
	if err := p.settle(); err != nil {
		return err
	}
	end := now()
	sockets, err := socketsOf(p.server.port)
	if err != nil {
		return err
	}
	done := playedStep{Step: s, begin: begin, done: end, clients: p.connections(sockets), processes: map[int]quietProcess{}, lasts: map[int]float64{}}
	for _, pid := range p.server.processes() {
		quiet := quietProcess{descriptors: descriptors(pid)}
		for _, tid := range threads(pid) {
			call := p.server.current(tid)
			if call == nil {
				continue
			}
			done.lasts[tid] = call.begin
			if call.call == "epoll_pwait" && len(watched(pid, call, sockets)) > 0 {
				quiet.interest = interest(pid, call.fd())
			}
		}
		inode, _ := inodeOf(pid, 3) // the listening socket is what each opens first
		for _, s := range sockets {
			if s.state == "LISTEN" && s.inode == inode {
				quiet.queue = s.unread
			}
		}
		done.processes[pid] = quiet
	}
	p.steps = append(p.steps, done)
	return nil
}

// connections returns what the kernel shows of each connection that still has
// both ends.
func (p *player) connections(sockets []socket) (list []recording.Connection) {
	for _, c := range p.clients {
		own, servers := find(sockets, c.port, p.server.port), find(sockets, p.server.port, c.port)
		if c.fd < 0 || own == nil || servers == nil {
			continue
		}
		connection := recording.Connection{Client: c.name, State: servers.state, Unread: servers.unread, Received: c.received}
		if servers.hasEnd() {
			connection.Unread--
		}
		list = append(list, connection)
	}
	return list
}
