package replay

import (
	"encoding/json"
	"sync"
	"testing"

	"example.com/echo/docs/recording"
	"example.com/echo/docs/repo"
)

var all = sync.OnceValues(func() ([]*Replay, error) {
	root, err := repo.FindRoot()
	if err != nil {
		return nil, err
	}
	recordings, err := recording.All(root.FS())
	var replays []*Replay
	for _, r := range recordings {
		replays = append(replays, New(r))
	}
	return replays, err
})

func replays(t *testing.T) []*Replay {
	t.Helper()
	replays, err := all()
	if err != nil || len(replays) == 0 {
		t.Fatalf("expected recordings, found %d, %v", len(replays), err)
	}
	return replays
}

// TestNothingIsLeftOut holds a replay to show every moment, but the entry of a
// call that returns right after it.
func TestNothingIsLeftOut(t *testing.T) {
	for _, p := range replays(t) {
		r, at := p.Recording, 0
		leftOut := map[int]bool{}
		for i := range r.Calls {
			leftOut[r.Calls[i].Entered] = r.Calls[i].Returned == r.Calls[i].Entered+1
		}
		for _, f := range p.Frames {
			for ; at < f.Moment; at++ {
				if !leftOut[at] {
					t.Errorf("%s %s: expected moment %d, found %d after %d", r.Lesson, r.Script, at, f.Moment, at-1)
				}
			}
			at = f.Moment + 1
			if f.Say == "" || f.Line < 0 != (f.Moment == r.Steps[f.Step].At) {
				t.Errorf("%s %s, moment %d: expected a sentence, and a call but where a step begins; found %q and call %d", r.Lesson, r.Script, f.Moment, f.Say, f.Line)
			}
		}
		if at != r.Moments() || len(p.Rests) != len(r.Steps) {
			t.Errorf("%s %s: expected %d moments and %d rests, found %d and %d", r.Lesson, r.Script, r.Moments(), len(r.Steps), at, len(p.Rests))
		}
	}
}

// TestFind looks for each moment that is shown.
func TestFind(t *testing.T) {
	for _, p := range replays(t) {
		r := p.Recording
		step, frame := 0, 0
		for _, f := range p.Frames {
			if f.Step != step {
				step, frame = f.Step, 0
			}
			if s, n := p.Find(f.Moment); s != step || n != frame {
				t.Errorf("%s %s, moment %d: expected %d.%d, found %d.%d", r.Lesson, r.Script, f.Moment, step, frame, s, n)
			}
			frame++
		}
	}
}

// TestCounters compares the counters at the end with the recording.
func TestCounters(t *testing.T) {
	for _, p := range replays(t) {
		r := p.Recording
		bits := 0
		for _, c := range r.Calls {
			if isLoop(c.Row) && (c.Name == "select" || c.Name == "poll") && c.Returned > 0 {
				bits += c.Size
			}
		}
		frames := p.Frames
		last := frames[len(frames)-1]
		if last.Calls != len(r.Calls) {
			t.Errorf("%s %s: expected %d calls, found %d", r.Lesson, r.Script, len(r.Calls), last.Calls)
		}
		if bits > 0 && last.Looked != bits {
			t.Errorf("%s %s: expected that waits looked at %d descriptors, found %d", r.Lesson, r.Script, bits, last.Looked)
		}
	}
}

// TestTallies holds the race for one client to what must be true of it, whoever
// wins: one worker accepts, and with a shared socket those who wake else do so in
// vain.
func TestTallies(t *testing.T) {
	for _, p := range replays(t) {
		r := p.Recording
		if r.Script != "four-workers-one-arrival-shared" {
			continue
		}
		for _, f := range p.Frames {
			if f.Step != 2 {
				continue
			}
			woken, accepted, inVain := 0, 0, 0
			for _, row := range f.Structures[1].Rows {
				woken += number(t, row[2].Text)
				accepted += number(t, row[3].Text)
				inVain += number(t, row[4].Text)
			}
			if accepted != 1 || woken != accepted+inVain || len(f.Structures[1].Rows) != 4 {
				t.Errorf("moment %d: expected that of those woken one accepts and the others wake in vain, found %d, %d and %d", f.Moment, woken, accepted, inVain)
			}
		}
		return
	}
	t.Error("expected a recording of four workers, found none")
}

func number(t *testing.T, text string) (n int) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestTrace holds traces to what viewers need: each call in its row's track, and
// none that overlaps another one of the same track.
func TestTrace(t *testing.T) {
	for _, p := range replays(t) {
		r := p.Recording
		text, err := Trace(r)
		if err != nil {
			t.Fatal(err)
		}
		var trace struct {
			TraceEvents []traceEvent `json:"traceEvents"`
		}
		if err := json.Unmarshal(text, &trace); err != nil {
			t.Fatal(err)
		}
		calls, ends := 0, map[int]int{}
		for _, e := range trace.TraceEvents {
			if e.Phase != "X" {
				continue
			}
			calls++
			if e.TS < ends[e.TID] || e.Dur <= 0 {
				t.Errorf("%s %s: %s from %d for %d: the one before it ends at %d", r.Lesson, r.Script, e.Name, e.TS, e.Dur, ends[e.TID])
			}
			ends[e.TID] = e.TS + e.Dur
		}
		if want := len(r.Steps) + len(r.Calls); calls != want {
			t.Errorf("%s %s: expected %d steps and calls, found %d", r.Lesson, r.Script, want, calls)
		}
	}
}
