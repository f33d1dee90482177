//go:build linux

package main

import (
	"fmt"
	"time"

	"example.com/echo/docs/lab/figures"
	"example.com/echo/docs/lab/load"
	"example.com/echo/docs/repo"
)

// scale has many clients connect to many workers, each echoed to once, and keeps
// them all open: a few at first, then a million.
func scale(b *bench) (*figures.Table, error) {
	t := &figures.Table{X: "connections", Columns: []figures.Column{seconds, most, least, ownMemory, allMemory}}
	few, many := 8_000, 1_000_000
	if b.quick {
		few, many = 2_000, 20_000
	}
	each := min(b.descriptors-200, many) // connections of a process
	drivers := (many + each - 1) / each
	b.steps(t.X, 2*(1+drivers))
	for _, wanted := range []int{few, many} {
		for _, listen := range []string{"shared", "exclusive"} {
			// One worker more than needed: the last clients to come would search
			// for the one worker that still has room.
			values, err := b.fill(wanted, each, drivers+1, listen)
			if err != nil {
				return nil, err
			}
			t.Add(fmt.Sprintf("%d workers, epoll, %s", drivers+1, listen), float64(wanted), []map[string]float64{values})
		}
	}
	return t, nil
}

var (
	seconds   = figures.Column{Name: "seconds", Digits: 1}
	ownMemory = figures.Column{Name: "server's memory per connection (bytes)"}
	allMemory = figures.Column{Name: "all memory per connection, both ends and kernel (bytes)"}
)

// fill opens so many connections to workers, from processes that open at most
// each.
func (b *bench) fill(wanted, each, workers int, listen string) (map[string]float64, error) {
	contender := *b.workers
	contender.anywhere = true
	free := available()
	s, err := contender.start(b, nil, "-loop=epoll", "-listen="+listen, fmt.Sprintf("-workers=%d", workers))
	if err != nil {
		return nil, err
	}
	defer s.stop()
	begun, open := time.Now(), 0
	for open < wanted {
		some := min(each, wanted-open)
		d, err := connect(b, load.Plan{Addr: s.addr, Idle: some, Size: messageSize}, nil)
		if err != nil {
			return nil, fmt.Errorf("with %d connections open: %w", open, err)
		}
		defer d.close()
		open += some
		b.step()
	}
	values := map[string]float64{
		seconds.Name:   time.Since(begun).Seconds(),
		ownMemory.Name: float64(s.resident()-s.atStart) / float64(open),
		allMemory.Name: float64(free-available()) / float64(open),
	}
	values[most.Name], values[least.Name] = connections(s.processes()[1:]) // behind the supervisor
	return values, nil
}

// available returns how much memory is free, in bytes. Source: proc(5).
func available() int {
	var kib int
	fmt.Sscanf(repo.ProcField("/proc/meminfo", "MemAvailable"), "%d kB", &kib)
	return kib << 10
}
