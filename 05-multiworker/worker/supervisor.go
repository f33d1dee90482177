package worker

import (
	"fmt"
	"os"
	"time"

	"example.com/echo/01-blocking/eventlog"
	"example.com/echo/01-blocking/sock"
	"example.com/echo/01-blocking/stop"
)

// A supervisor keeps its workers running until it is told to stop. Everything
// that happens reaches it as a function in events, and it does one after
// another: so nothing here needs a lock, and a worker cannot die between being
// looked at and being sent a signal.
type supervisor struct {
	options *options
	quiet   bool
	sockets []*sock.Socket
	log     *eventlog.Log

	workers  []*worker
	running  int // processes that are started and not yet reaped
	stopping bool
	finished bool
	err      error // why it stops, if nobody asked it to
	events   chan func()

	// The workers have the lifeline's other end. A byte in it tells them to stop;
	// its end, which comes with the end of this process, not to stay.
	lifeline, hold *os.File
}

// A worker is a place to be filled: processes come and go in it, under one name
// and with one socket.
type worker struct {
	name    string
	socket  *sock.Socket
	process *process // nil between two of them
	started time.Time
	crashes crashes
}

// run starts the workers and returns when all have stopped: nil if it was asked
// to stop them, or the reason why it cannot go on.
func (s *supervisor) run() (err error) {
	s.events = make(chan func())
	if s.lifeline, s.hold, err = os.Pipe(); err != nil {
		return err
	}
	stop.OnSignals(func() { s.events <- s.stop }, func() { s.events <- s.kill })
	for i := range s.options.workers {
		w := &worker{name: fmt.Sprintf("Process-%d", i+1), socket: s.sockets[i%len(s.sockets)]}
		s.workers = append(s.workers, w)
		s.start(w)
	}
	for _, w := range s.workers { // only now, so that the first lines of the log tell who there is
		s.watch(w)
	}
	for !s.finished && !(s.stopping && s.running == 0) {
		(<-s.events)()
	}
	return s.err
}

// start starts a process for w and logs it.
func (s *supervisor) start(w *worker) {
	if s.stopping {
		return
	}
	w.started = time.Now()
	p, err := start(w.name, w.socket, s.lifeline, s.arguments())
	if err != nil {
		s.crashed(w, err)
		return
	}
	w.process = p
	s.running++
	s.logState(w)
}

// arguments returns the flags of a worker process.
func (s *supervisor) arguments() []string {
	return []string{"-loop=" + s.options.loop, fmt.Sprintf("-quiet=%t", s.quiet)}
}

// watch passes on what w's process logs, waits for its end, and has that
// noticed.
func (s *supervisor) watch(w *worker) {
	p := w.process
	if p == nil {
		return
	}
	log := s.log.Sibling()
	go func() {
		relayed := make(chan error, 1)
		go func() {
			defer p.lines.Close() // tells a worker that is still there to end
			relayed <- log.CopyLines(p.lines)
		}()
		err := p.wait()
		if failed := <-relayed; failed != nil {
			err = failed
		}
		s.events <- func() { s.noticeEnd(w, err) }
	}()
}

// noticeEnd logs that the process of w has ended, and sees to the next one.
func (s *supervisor) noticeEnd(w *worker, err error) {
	s.running--
	s.logState(w)
	status := *w.process.ended
	w.process = nil
	switch {
	case err != nil:
		s.fail(err)
	case s.stopping:
	case crashed(status):
		s.crashed(w, fmt.Errorf("exit code %s", exitCode(status)))
	default:
		s.startLater(w, firstDelay)
	}
}

// crashed starts w again, unless it crashes too often.
func (s *supervisor) crashed(w *worker, why error) {
	delay, again := w.crashes.add(w.started, time.Now())
	if !again {
		s.fail(fmt.Errorf("%s crashed %d times in %v, the last time with %w", w.name, maxCrashes+1, healthy, why))
		return
	}
	s.startLater(w, delay)
}

func (s *supervisor) startLater(w *worker, delay time.Duration) {
	time.AfterFunc(delay, func() {
		s.events <- func() {
			s.start(w)
			s.watch(w)
		}
	})
}

// fail stops everything because of err.
func (s *supervisor) fail(err error) {
	if s.err == nil {
		s.err = err
	}
	time.AfterFunc(stop.Grace, func() { s.events <- s.kill })
	s.stop()
}

// stop tells all workers to stop, and lets go of the sockets, so that each is
// closed when its last worker has emptied the queue and closed it.
func (s *supervisor) stop() {
	if s.stopping {
		return
	}
	s.stopping = true
	for _, socket := range s.sockets {
		socket.SetMode(sock.NonBlocking) // so that accept says when the queue is empty
		socket.Close()
	}
	s.hold.Write([]byte{0})
}

// kill ends what stop did not. The workers are gone at once; a log that nobody
// reads could keep their last lines for ever, so there is a limit to that too.
func (s *supervisor) kill() {
	s.stop()
	for _, w := range s.workers {
		if w.process != nil {
			w.process.process.Kill() // an error says that it has already ended
		}
	}
	time.AfterFunc(time.Second, func() { s.events <- func() { s.finished = true } })
}

func (s *supervisor) logState(w *worker) {
	s.log.Worker(w.process)
	if err := s.log.Flush(); err != nil {
		s.fail(err)
	}
}
