package server

import (
	"sync"
	"time"

	"example.com/echo/01-blocking/echotest/procfs"
)

// Idle is how long a server that does nothing is waited for. Nothing more is to
// be expected of it then, however slow the machine is.
const Idle = 3 * time.Second

// A server that is busy is waited for so many times as long: a busy machine is no
// fault of the server's.
const busyFactor = 10

// Patience is the longest wait for anything that must happen.
const Patience = busyFactor * Idle

// startPatience is longer: others may do something on behalf of a server that
// starts.
const startPatience = 3 * Idle

// GiveUp calls end when it is vain to wait any longer for something that the
// server should do: when it has been idle for so long, or busy for ten times as
// long. Idle means that its threads, and those of what it has started, used next to no
// processor time, that none wants to, and that nothing more of its log comes: some
// servers look around now and then. Time in which this process got no processor does
// not count, nor does time in which isUnderWay, if there is one, reports that it is the
// network's turn. Once cancel has returned, end is not called.
//
// Elsewhere than on Linux every server counts as busy.
func (s *Server) GiveUp(idle time.Duration, isUnderWay func() bool, end func()) (cancel func()) {
	const nextToNone = 50 // one part of so many
	idle += s.Timer
	begun, step := time.Now(), idle/6
	last := begun
	var idleSince time.Time
	var before procfs.Work // then
	var first procfs.Work
	most := s.MostWork
	if most > 0 { // looking at every thread is not for free, and most waits are short
		first = procfs.WorkOf(s.Roots()...)
	}
	var logged int
	var isOver bool
	var mu sync.Mutex
	mu.Lock()
	defer mu.Unlock()
	var timer *time.Timer
	timer = time.AfterFunc(step, func() {
		mu.Lock()
		defer mu.Unlock()
		now, work := time.Now(), procfs.WorkOf(s.Roots()...)
		ran, _ := work.Since(before)
		isBusy := work.IsRunning || ran > now.Sub(idleSince)/nextToNone || s.log.Count() != logged ||
			isUnderWay != nil && isUnderWay()
		isLate := now.Sub(last) > 2*step
		last = now
		if isBusy || isLate || idleSince.IsZero() || !procfs.ShowsWork {
			idleSince, before, logged = now, work, s.log.Count()
		}
		worked, _ := work.Since(first)
		isSpinning := most > 0 && worked >= most
		switch {
		case isOver:
		case now.Sub(idleSince) >= idle || now.Sub(begun) >= busyFactor*idle || isSpinning:
			isOver = true
			end()
		default:
			timer.Reset(step)
		}
	})
	return func() {
		timer.Stop()
		mu.Lock()
		defer mu.Unlock()
		isOver = true
	}
}

// over returns a channel that is closed when GiveUp would give up, or when the
// server has ended. Whoever waits calls cancel afterwards.
func (s *Server) over(idle time.Duration) (over <-chan struct{}, cancel func()) {
	closed := make(chan struct{})
	closeOnce := sync.OnceFunc(func() { close(closed) })
	cancelGivingUp := s.GiveUp(idle, nil, closeOnce)
	left := make(chan struct{})
	go func() {
		select {
		case <-s.ended:
			closeOnce()
		case <-left:
		}
	}()
	return closed, func() {
		cancelGivingUp()
		close(left)
	}
}
