package random

import (
	"fmt"
	"strings"

	"example.com/echo/01-blocking/echotest/procfs"
)

// openDescriptors counts what a server without clients has open: the process
// that serves, or each of the worker processes; and their supervisor.
type openDescriptors struct{ serving, supervisor int }

// countDescriptors counts what is open before the game. A client that comes,
// is served and leaves shows which process is one that serves, and that it has
// opened all that it opens at first.
func (g *game) countDescriptors() error {
	if err := g.connect(); err != nil {
		return err
	}
	p := g.here[0]
	p.send(1000)
	if err := g.await(p); err != nil {
		return err
	}
	for i := range g.Workers {
		if _, err := g.running(fmt.Sprintf("Process-%d", i+1)); err != nil {
			return err
		}
	}
	for _, pid := range g.server.Processes() {
		if clients, err := g.clientsOf(pid); err != nil {
			return err
		} else if clients[p.addr] {
			g.before.serving = countOpen(pid) - 1
		}
	}
	if g.before.serving == 0 {
		return fmt.Errorf("%s was served, but by none of the server's processes", p.name)
	}
	g.server.Settle()
	g.before.supervisor = countOpen(g.server.PID())
	if g.Workers == 0 {
		g.before.supervisor = g.before.serving
	}
	if err := g.leave(p); err != nil {
		return err
	}
	return g.expectDescriptors()
}

// expectDescriptors waits until all processes have open what they had before.
func (g *game) expectDescriptors() error {
	var now []int
	ok := eventually(func() bool {
		pids := g.server.Processes()
		now = now[:0]
		same := len(pids) == 1+g.Workers
		for i, pid := range pids {
			n := countOpen(pid)
			now = append(now, n)
			if i == 0 {
				same = same && n == g.before.supervisor
			} else {
				same = same && n == g.before.serving
			}
		}
		return same
	})
	if !ok {
		return fmt.Errorf("expected the server to have open what it had before, %d descriptors and with workers %d each, but now it has %d",
			g.before.supervisor, g.before.serving, now)
	}
	return nil
}

// countOpen counts the open descriptors of a process, without those of the
// kernel's own kinds (epoll, eventfd, pidfd): Go's runtime and a loop open them
// when it is time, and never for a client.
func countOpen(pid int) int {
	n := 0
	for _, link := range procfs.Descriptors(pid) {
		if !strings.HasPrefix(link, "anon_inode:") {
			n++
		}
	}
	return n
}
