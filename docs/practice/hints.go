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
	record, err := s.oneMoreHint(e)
	if err == nil {
		s.print(hints(e, record))
	}
	return err
}

// oneMoreHint counts one more hint as shown, and returns how far the reader is then.
func (s *session) oneMoreHint(e *exercise.Exercise) (record workspace.Record, err error) {
	err = s.space.Update(func(state *workspace.State) {
		var isBegun bool
		record, isBegun = state.Records[e.ID]
		record.Hints = min(record.Hints+1, len(e.Hints))
		if isBegun {
			state.Records[e.ID] = record
		}
	})
	return record, err
}

// hints returns the hints that were shown. Before the first stands what the server
// has logged, if that is known.
func hints(e *exercise.Exercise, record workspace.Record) (lines []string) {
	for i, hint := range e.Hints[:record.Hints] {
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
