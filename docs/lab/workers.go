//go:build linux

package main

import (
	"bufio"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"example.com/echo/01-blocking/echotest/procfs"
	"example.com/echo/docs/lab/figures"
	"example.com/echo/docs/lab/load"
)

// workers compares numbers and kinds of workers, on all processors. Servers and
// clients share them, as on most machines of one's own.
func workers(b *bench) (*figures.Table, error) {
	t := &figures.Table{X: "workers", Columns: []figures.Column{echoesPerSecond, timePerEcho, serverBusy, clientsBusy}}
	rounds, measure := b.rounds(5)
	anywhere := *b.workers
	anywhere.anywhere = true
	var points []*point
	for _, loop := range []string{"select", "epoll"} {
		for _, kind := range []string{"process", "thread"} {
			for _, listen := range []string{"shared", "reuseport"} {
				for _, n := range []int{1, 2, 4} {
					points = append(points, &point{
						contender: &anywhere, name: fmt.Sprintf("%s, %s, %s", loop, kind, listen), x: float64(n),
						args: []string{"-loop=" + loop, "-kind=" + kind, "-listen=" + listen, fmt.Sprintf("-workers=%d", n)},
						plan: load.Plan{Busy: 100, Size: messageSize, Warm: measure / 4, Measure: measure},
					})
				}
			}
		}
	}
	err := b.sweep("workers", points, rounds)
	return fill(t, points), err
}

var (
	most   = figures.Column{Name: "connections of the busiest worker"}
	least  = figures.Column{Name: "of the least busy"}
	inVain = figures.Column{Name: "accepts in vain per connection", Digits: 2}
)

// spread has one client after another connect to four workers, and looks at
// every call of accept.
func spread(b *bench) (*figures.Table, error) {
	const count = 400
	t := &figures.Table{X: "connections", Columns: []figures.Column{most, least, inVain}}
	traced := *b.workers
	traced.anywhere, traced.calls = true, "accept4"
	rounds, _ := b.rounds(3)
	var points []*point
	for _, loop := range []string{"select", "poll", "epoll"} {
		for _, kind := range []string{"process", "thread"} {
			for _, listen := range listens(loop) {
				points = append(points, &point{
					contender: &traced, name: fmt.Sprintf("%s, %s, %s", loop, kind, listen), x: count,
					args: []string{"-loop=" + loop, "-kind=" + kind, "-listen=" + listen},
					plan: load.Plan{Busy: 1, Idle: count - 1, Size: messageSize, Echoes: 1, OneByOne: true},
					look: func(s *server) map[string]float64 {
						values := accepts(s.trace)
						if kind == "process" { // whose threads take turns
							values[most.Name], values[least.Name] = connections(s.processes()[2:]) // behind strace and the supervisor
						}
						return values
					},
				})
			}
		}
	}
	err := b.sweep("spread", points, rounds)
	return fill(t, points), err
}

// listens returns the values of -listen that go with a loop.
func listens(loop string) []string {
	if loop == "epoll" {
		return []string{"shared", "exclusive", "reuseport"}
	}
	return []string{"shared", "reuseport"}
}

// connections returns how many connections the busiest and the least busy of the
// worker processes have.
func connections(workers []int) (most, least float64) {
	var counts []int
	for _, pid := range workers {
		sockets := -1 // the listening one
		for _, link := range procfs.Descriptors(pid) {
			if strings.HasPrefix(link, "socket:") {
				sockets++
			}
		}
		counts = append(counts, sockets)
	}
	return float64(slices.Max(counts)), float64(slices.Min(counts))
}

var accept = regexp.MustCompile(`^(\d+) .*\) = (-?\d+)`)

// accepts counts what accept said to each worker, by strace's file.
func accepts(trace string) map[string]float64 {
	file, err := os.Open(trace)
	if err != nil {
		return nil
	}
	defer file.Close()
	got, vain := map[string]int{}, 0
	for lines := bufio.NewScanner(file); lines.Scan(); {
		m := accept.FindStringSubmatch(lines.Text())
		switch {
		case m == nil:
		case m[2] == "-1":
			vain++
		default:
			got[m[1]]++
		}
	}
	counts := []int{}
	total := 0
	for _, n := range got {
		counts = append(counts, n)
		total += n
	}
	for len(counts) < 4 { // who accepted nobody is not in the file
		counts = append(counts, 0)
	}
	return map[string]float64{
		most.Name:   float64(slices.Max(counts)),
		least.Name:  float64(slices.Min(counts)),
		inVain.Name: float64(vain) / float64(max(total, 1)),
	}
}
