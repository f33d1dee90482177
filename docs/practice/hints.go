package main

import (
	"fmt"
	"slices"
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

// logs returns the ends of the reader's log and of the right one; nothing if they tell
// no difference.
func logs(mine, right string) (lines []string) {
	if mine == "" {
		return nil
	}
	short := func(log string) (lines []string) {
		for line := range strings.Lines(log) {
			if line = strings.TrimSpace(line); line != "" && line != "…" {
				lines = append(lines, text.ShortSockets(line))
			}
		}
		return lines
	}
	title, rest, _ := strings.Cut(mine, "\n")
	came, wanted := short(rest), short(right)
	n := min(len(came), len(wanted))
	if n > 0 && slices.Equal(came[len(came)-n:], wanted[len(wanted)-n:]) {
		return nil
	}
	lines = append(append(lines, title), text.Indented(came)...)
	if len(wanted) > 0 {
		lines = append(append(lines, "", "Without the fault, the log ends so:", ""), text.Indented(wanted)...)
	}
	return append(lines, "")
}

// oneMoreHint counts one more hint as shown, and returns how far the reader is then.
func (s *session) oneMoreHint(e *exercise.Exercise) (record workspace.Record, err error) {
	err = s.space.Update(func(state *workspace.State) {
		record = state.Records[e.ID]
		record.Hints = min(record.Hints+1, len(e.Hints))
		state.Records[e.ID] = record
	})
	return record, err
}

// hints returns the hints that were shown. Before the first stands what the server
// has logged and what the lesson's does, if that is known, and not the same.
func hints(e *exercise.Exercise, record workspace.Record) (lines []string) {
	for i, hint := range e.Hints[:record.Hints] {
		lines = append(lines, fmt.Sprintf("Hint %d of %d", i+1, len(e.Hints)), "")
		if i == 0 {
			lines = append(lines, logs(record.Log, e.RightLog)...)
		}
		lines = append(lines, text.Plain(hint, e.HintPage())...)
		lines = append(lines, "")
	}
	return text.Squeezed(lines)
}
