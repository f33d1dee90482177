package worker

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"example.com/echo/01-blocking/eventlog"
	"example.com/echo/01-blocking/program"
	"example.com/echo/01-blocking/sock"
	"example.com/echo/02-select/stop"
)

// A supervisor keeps its workers running until it is told to stop. Everything
// that happens reaches it as a function in events, and it does one after
// another: so nothing here needs a lock, and a worker cannot die between being
// looked at and being sent a signal.
//
// It never writes the log itself: a log that nobody reads would keep it from
// noticing anything. The relays write, one for each process.
type supervisor struct {
	program *program.Program
	options *options
	sockets []*sock.Socket
	out     *output
	log     *eventlog.Log // of the sockets; not written out yet

	workers  []*worker
	running  int // processes that are started and not yet reaped
	relays   int // that have something left to write
	stopping bool
	killing  bool
	finished bool
	err      error // why it stops, if nobody asked it to
	events   chan func()

	// The workers have one end of this pipe, the lifeline. A byte in it tells
	// them to stop. When the supervisor dies, even by SIGKILL, the kernel closes
	// the other end; the workers then read end of file, and exit.
	lifeline, hold *os.File
}

// A worker is a place to be filled: processes come and go in it, under one name
// and with one socket.
type worker struct {
	name    string
	socket  *sock.Socket
	process *process      // nil between two of them
	isUp    bool          // the process has got so far that it stops in good order
	relayed chan struct{} // closed when all of its lines so far are written
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
	stop.OnSignals(*s.options.grace, func() { s.events <- s.stop }, func() { s.events <- s.kill })
	s.startAll()
	for !s.finished && !(s.stopping && s.running == 0 && s.relays == 0) {
		(<-s.events)()
	}
	if s.relays > 0 {
		s.program.Complain(program.ErrLogLost)
	}
	return s.err
}

// startAll starts all workers. The first lines of the log tell who there is,
// before any worker's own lines.
func (s *supervisor) startAll() {
	var first strings.Builder
	announced := make(chan struct{})
	for i := range s.options.workers {
		w := &worker{name: fmt.Sprintf("Process-%d", i+1), socket: s.sockets[i%len(s.sockets)], relayed: announced}
		s.workers = append(s.workers, w)
		if line := s.start(w); line != "" {
			first.WriteString(line)
			s.relay(w, "")
		}
	}
	go func() {
		err := s.log.Flush()
		if err == nil {
			_, err = s.out.Write([]byte(first.String()))
		}
		close(announced)
		if err != nil {
			s.events <- func() { s.fail(err) }
		}
	}()
}

// start starts a process for w, and returns the line of the log that says so; ""
// if there is none.
func (s *supervisor) start(w *worker) (line string) {
	w.started = time.Now()
	p, err := start(w.name, w.socket, s.lifeline, s.options.arguments(s.program.Quiet))
	if err != nil {
		s.crashed(w, err)
		return ""
	}
	line = p.String() + "\n"
	w.process, w.isUp = p, false
	s.running++
	go func() {
		if p.awaitUp() {
			s.events <- func() { s.noticeUp(w, p) }
		}
	}()
	go func() {
		err := p.wait()
		s.events <- func() { s.noticeEnd(w, err) }
	}()
	return line
}

// startAgain starts a process for w, and logs it.
func (s *supervisor) startAgain(w *worker) {
	if line := s.start(w); line != "" {
		s.relay(w, line)
	}
}

// relay passes on what w's process logs, after announcement, and after the last
// line of the process before it.
func (s *supervisor) relay(w *worker, announcement string) {
	p, before, relayed := w.process, w.relayed, make(chan struct{})
	w.relayed = relayed
	s.relays++
	go func() {
		<-before
		_, err := s.out.Write([]byte(announcement))
		if err == nil {
			err = p.relay(s.out)
		}
		close(relayed)
		s.events <- func() {
			s.relays--
			if err != nil {
				s.fail(err)
			}
		}
	}()
}

// noticeUp is called when process p of w is up.
func (s *supervisor) noticeUp(w *worker, p *process) {
	if w.process == p {
		w.isUp = true
		s.letGo()
	}
}

// noticeEnd sees to the next process of w. There is one even when all are to
// stop, if a signal to the whole group has ended the process before it was up:
// the next one then serves the queue.
func (s *supervisor) noticeEnd(w *worker, err error) {
	s.running--
	ended, wasUp := w.process.ended, w.isUp
	w.process, w.isUp = nil, false
	switch {
	case err != nil:
		s.fail(err)
	case s.stopping && !s.killing && !wasUp && wasToldToStop(*ended):
		s.startAgain(w)
	case s.stopping:
		s.letGo()
	case crashed(*ended):
		s.crashed(w, fmt.Errorf("exit code %s", exitCode(*ended)))
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
			if !s.stopping {
				s.startAgain(w)
			}
		}
	})
}

// fail stops everything because of err.
func (s *supervisor) fail(err error) {
	if s.err == nil {
		s.err = err
	}
	time.AfterFunc(*s.options.grace, func() { s.events <- s.kill })
	s.stop()
}

// stop tells all workers to stop. One that was to be started again later is
// started now: it may have a queue of its own.
func (s *supervisor) stop() {
	if s.stopping {
		return
	}
	s.stopping = true
	s.hold.Write([]byte{0})
	for _, w := range s.workers {
		if w.process == nil && !s.killing && s.err == nil {
			s.startAgain(w)
		}
	}
	s.letGo()
}

// letGo closes the supervisor's descriptors of the sockets, once all workers that
// are to stop are up. So each socket is closed when its last worker has emptied
// the queue and closed its own.
func (s *supervisor) letGo() {
	isStarting := func(w *worker) bool { return w.process != nil && !w.isUp }
	if s.stopping && !slices.ContainsFunc(s.workers, isStarting) {
		closeAll(s.sockets)
		s.sockets = nil
	}
}

// kill ends what stop did not. The workers are gone at once; a log that nobody
// reads could keep their last lines for ever, so there is a limit to that too.
func (s *supervisor) kill() {
	s.killing = true
	s.stop()
	for _, w := range s.workers {
		if w.process != nil {
			w.process.process.Kill() // an error means that it has already ended
		}
	}
	time.AfterFunc(time.Second, func() { s.events <- func() { s.finished = true } })
}
