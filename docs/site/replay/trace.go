package replay

import (
	"encoding/json"

	"example.com/echo/docs/recording"
)

// A traceEvent is an event of the Trace Event Format, which Chrome's trace
// viewer and Perfetto read.
// Source: "Trace Event Format", of the Catapult project.
type traceEvent struct {
	Name  string         `json:"name"`
	Phase string         `json:"ph"`
	PID   int            `json:"pid"`
	TID   int            `json:"tid"`
	TS    int            `json:"ts"`
	Dur   int            `json:"dur,omitempty"`
	Args  map[string]any `json:"args,omitempty"`
}

// Trace returns the recording as a trace: a track for the steps, and one for each
// row. There are no times in a recording, so a moment lasts a microsecond.
func Trace(r *recording.Recording) ([]byte, error) {
	events := []traceEvent{named("process_name", 0, r.Lesson+", "+r.Script), named("thread_name", 1, "the clients' script")}
	for i, s := range r.Steps {
		end := r.Moments()
		if i+1 < len(r.Steps) {
			end = r.Steps[i+1].At
		}
		events = append(events, traceEvent{Name: s.Text, Phase: "X", PID: 1, TID: 1, TS: s.At, Dur: end - s.At})
	}
	rows := map[string]int{}
	for i := range r.Calls {
		c := &r.Calls[i]
		if rows[c.Row] == 0 {
			rows[c.Row] = len(rows) + 2
			events = append(events, named("thread_name", rows[c.Row], c.Row))
		}
		var stack []string
		for _, f := range r.Stack(c) {
			stack = append(stack, f.Function)
		}
		args := map[string]any{"what": c.What, "result": c.Result, "stack": stack}
		if c.Error != "" {
			args["error"] = c.Error
		}
		end := c.Returned
		if end == 0 {
			end = r.Moments()
		}
		events = append(events, traceEvent{Name: c.Name, Phase: "X", PID: 1, TID: rows[c.Row], TS: c.Entered, Dur: end - c.Entered, Args: args})
	}
	return json.Marshal(map[string]any{
		"traceEvents": events,
		"otherData":   map[string]string{"time": "1 microsecond is 1 moment: recordings have no times"},
	})
}

func named(what string, tid int, name string) traceEvent {
	return traceEvent{Name: what, Phase: "M", PID: 1, TID: tid, Args: map[string]any{"name": name}}
}
