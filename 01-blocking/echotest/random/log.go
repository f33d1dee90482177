package random

import (
	"fmt"
	"strings"

	"example.com/echo/01-blocking/echotest/logfile"
	"example.com/echo/01-blocking/echotest/stream"
)

// checkLog holds the log, which is complete, against what the players did.
func (g *game) checkLog() error {
	events, err := g.server.Log()
	if err != nil {
		return err
	}
	accounts := logfile.Accounts(events)
	for _, p := range g.all {
		a := accounts[p.addr]
		if a == nil {
			a = &logfile.Account{}
		}
		if err := p.checkAccount(a); err != nil {
			return err
		}
		delete(accounts, p.addr)
	}
	for addr := range accounts {
		return fmt.Errorf("the log tells of a connection from %v, which nobody made", addr)
	}
	states := map[string]int{}
	for _, e := range events {
		if e.Kind == logfile.WorkerState && strings.HasPrefix(e.Worker.Name, "Process") {
			states[e.Worker.State]++
		}
	}
	started, killed := states["started"], states["stopped exitcode=-SIGKILL"]
	if killed != g.killed || states["stopped exitcode=0"] != started-killed || started < g.Workers {
		return fmt.Errorf("%d workers were killed and the others stopped, but the log has %v", g.killed, states)
	}
	return nil
}

// checkAccount holds what the log tells of the player against what it did.
func (p *player) checkAccount(a *logfile.Account) error {
	sent := make([]byte, min(len(a.Data), p.asked))
	p.newStream().fill(sent)
	ends := a.Closed + a.Lost
	switch {
	case len(a.Data) > p.asked || stream.FirstDifference(a.Data, sent) >= 0:
		return fmt.Errorf("%s: the log has other bytes than it sent", p.name)
	case a.Created > 1 || ends > 1 || !p.excused && (a.Created != 1 || ends != 1):
		return fmt.Errorf("%s came once and went once, but the log has %d lines of its coming, %d of its being closed and %d of its being lost",
			p.name, a.Created, a.Closed, a.Lost)
	case p.inOrder && a.Lost > 0:
		return fmt.Errorf("%s left in order, but was lost by the log", p.name)
	case p.inOrder && !p.excused && len(a.Data) != p.asked:
		return fmt.Errorf("%s has %d bytes back, but the log has %d", p.name, p.asked, len(a.Data))
	}
	return nil
}
