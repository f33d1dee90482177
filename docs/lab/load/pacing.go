//go:build linux

package load

import (
	"fmt"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// A pacing says when each client is to send: in turn, at even distances, however
// long the server takes.
type pacing struct {
	members  []*member
	distance time.Duration
	begun    time.Time
	due      int   // messages that were due so far
	owed     []int // of each client: those that were due and are not yet sent
	sending  []int // of each client: the number of the message that is out
	latency  *hdrhistogram.Histogram
}

// longest is the longest latency that is told from others.
const longest = 100 * time.Second

func newPacing(rate float64, members []*member) *pacing {
	p := &pacing{
		members:  members,
		distance: time.Duration(float64(time.Second) / rate),
		owed:     make([]int, len(members)),
		sending:  make([]int, len(members)),
	}
	for i, m := range members {
		m.place = i
	}
	return p
}

// begin has the first message be due now.
func (p *pacing) begin() {
	p.begun, p.due = time.Now(), 0
	clear(p.owed)
	p.forget()
}

// forget forgets the latencies so far: those of warming up.
func (p *pacing) forget() {
	p.latency = hdrhistogram.New(1, longest.Nanoseconds(), 3)
}

// sendDue has whoever is due send a message, unless the one before is not back
// yet: then it is sent when that is, and its time runs.
func (c *crowd) sendDue() error {
	if c.pacing == nil || c.stopping {
		return nil
	}
	p := c.pacing
	for now := time.Since(p.begun); time.Duration(p.due)*p.distance <= now; p.due++ {
		p.owed[p.due%len(p.members)]++
	}
	for i, m := range p.members {
		if p.owed[i] == 0 || m.isOut {
			continue
		}
		p.sending[i] = (p.due-1-i)/len(p.members) - p.owed[i] + 1
		p.owed[i]--
		if err := c.send(m); err != nil {
			return err
		}
	}
	return nil
}

// note notes that the message of m is back.
func (p *pacing) note(m *member, now time.Time) {
	number := p.sending[m.place]*len(p.members) + m.place
	due := p.begun.Add(time.Duration(number) * p.distance)
	p.latency.RecordValue(min(max(now.Sub(due), 1), longest).Nanoseconds())
}

// Percentiles are those of Result.Latency.
var Percentiles = []float64{50, 90, 99, 99.9, 100}

func (p *pacing) percentiles() map[string]time.Duration {
	all := map[string]time.Duration{}
	for _, percent := range Percentiles {
		all[fmt.Sprint(percent)] = time.Duration(p.latency.ValueAtQuantile(percent))
	}
	return all
}
