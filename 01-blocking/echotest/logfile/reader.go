package logfile

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"sync"
)

// A Reader reads the log of a server while it is written.
type Reader struct {
	pause sync.Mutex // held by Pause, and for each line that is read

	mu      sync.Mutex
	seen    []Event
	err     error
	changed chan struct{} // closed and replaced with every line
}

// NewReader returns a Reader that has read nothing yet.
func NewReader() *Reader { return &Reader{changed: make(chan struct{})} }

// ReadAll reads from a log until its end.
func (r *Reader) ReadAll(log io.Reader) {
	lines := bufio.NewReaderSize(log, 1<<20)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			if line != "" {
				r.add(Event{}, fmt.Errorf("a last line without newline: %.200q", line))
			}
			return
		}
		r.add(ParseLine(strings.TrimSuffix(line, "\n")))
	}
}

// Pause lets the log be read no further, after a line that may come still, until
// resume is called.
func (r *Reader) Pause() (resume func()) {
	r.pause.Lock()
	return r.pause.Unlock
}

func (r *Reader) add(e Event, err error) {
	r.pause.Lock()
	defer r.pause.Unlock()
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case err == nil:
		r.seen = append(r.seen, e)
	case r.err == nil:
		r.err = err
	}
	close(r.changed)
	r.changed = make(chan struct{})
}

// Wait waits until an event that is wanted is there, and returns the first such
// event. When over is closed, it looks once more, and then gives up.
func (r *Reader) Wait(wanted func(Event) bool, over <-chan struct{}) (e Event, ok bool) {
	looked := 0
	for last := false; ; {
		r.mu.Lock()
		seen, changed := r.seen, r.changed
		r.mu.Unlock()
		for ; looked < len(seen); looked++ {
			if wanted(seen[looked]) {
				return seen[looked], true
			}
		}
		if last {
			return Event{}, false
		}
		select {
		case <-changed:
		case <-over:
			last = true
		}
	}
}

// Count returns how many events there are so far.
func (r *Reader) Count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.seen)
}

// Events returns the events so far. The error tells of the first line that is
// not one of the log's.
func (r *Reader) Events() ([]Event, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seen, r.err
}
