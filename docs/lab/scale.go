//go:build linux

package main

import (
	"fmt"
	"time"

	"example.com/echo/docs/lab/load"
	"example.com/echo/docs/repo"
)

// million is how many connections scale wants.
const million = 1_000_000

// scale opens a million connections to as many workers as that takes, each
// echoed to once, and keeps them all open.
func scale(b *bench) (*table, error) {
	connections := column{Name: "open connections"}
	workers, processes := column{Name: "workers"}, column{Name: "clients' processes"}
	seconds := column{Name: "seconds"}
	user := column{Name: "server's memory per connection (bytes)"}
	all := column{Name: "all memory per connection, both ends and kernel (bytes)"}
	t := &table{X: "wanted", Columns: []column{connections, workers, processes, seconds, user, all}}
	wanted := million
	if b.quick {
		wanted = 20_000
	}
	each := min(b.descriptors-200, wanted)
	drivers := (wanted + each - 1) / each
	n := drivers + 1 // the last to come do not find the one worker that still has room
	contender := *b.workers
	contender.anywhere = true
	b.steps(t.X, drivers)
	free := available()
	s, err := contender.start(b, nil, "-loop=epoll", fmt.Sprintf("-workers=%d", n))
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
	t.add("05-multiworker -loop epoll", float64(wanted), []map[string]float64{{
		connections.Name: float64(open), workers.Name: float64(n), processes.Name: float64(drivers),
		seconds.Name: time.Since(begun).Seconds(),
		user.Name:    float64(s.resident()-s.atStart) / float64(open),
		all.Name:     float64(free-available()) / float64(open),
	}})
	return t, nil
}

// available returns how much memory is free, in bytes. Source: proc(5).
func available() int {
	var kib int
	fmt.Sscanf(repo.ProcField("/proc/meminfo", "MemAvailable"), "%d kB", &kib)
	return kib << 10
}
