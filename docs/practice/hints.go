package main

import (
	"fmt"
	"strings"

	"example.com/echo/docs/practice/exercise"
	"example.com/echo/docs/practice/text"
	"example.com/echo/docs/practice/workspace"
)

// hint shows the next hint, with those before it.
func (s *session) hint(e *exercise.Exercise) error {
	state, err := s.space.State()
	if err != nil {
		return err
	}
	n := min(state.Records[e.ID].Hints+1, len(e.Hints))
	s.print(hints(e, state.Records[e.ID], n))
	return s.noteHints(e, n)
}

// hints returns the first n hints. Before the first stands what the server has
// logged, if that is known.
func hints(e *exercise.Exercise, record workspace.Record, n int) (lines []string) {
	for i, hint := range e.Hints[:n] {
		lines = append(lines, fmt.Sprintf("Hint %d of %d", i+1, len(e.Hints)), "")
		if i == 0 && record.Log != "" {
			for line := range strings.Lines(record.Log) {
				lines = append(lines, text.Cut(text.ShortSockets(strings.TrimRight(line, "\n"))))
			}
			lines = append(lines, "")
		}
		lines = append(lines, text.Plain(hint, e.HintPage())...)
		lines = append(lines, "")
	}
	return text.Squeezed(lines)
}

func (s *session) noteHints(e *exercise.Exercise, n int) error {
	return s.space.Update(func(state *workspace.State) {
		if record, isBegun := state.Records[e.ID]; isBegun {
			record.Hints = max(record.Hints, n)
			state.Records[e.ID] = record
		}
	})
}
