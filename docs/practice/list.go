package main

import (
	"fmt"
	"strings"

	"example.com/echo/docs/practice/exercise"
	"example.com/echo/docs/practice/text"
	"example.com/echo/docs/practice/workspace"
	"example.com/echo/docs/repo"
)

// overview says what there is, and how much of it is done.
func (s *session) overview(state workspace.State) {
	for _, lesson := range repo.Lessons {
		done, all := map[exercise.Kind]int{}, map[exercise.Kind]int{}
		for _, e := range s.all {
			if e.Lesson.Name == lesson {
				all[e.Kind]++
				if state.Records[e.ID].Done {
					done[e.Kind]++
				}
			}
		}
		var counts []string
		for _, kind := range []exercise.Kind{exercise.Repair, exercise.Rebuild, exercise.Change} {
			counts = append(counts, fmt.Sprintf("%s %d of %d", kind, done[kind], all[kind]))
		}
		fmt.Fprintf(s.out, "%-16s %s\n", lesson, strings.Join(counts, ", "))
	}
	fmt.Fprintln(s.out)
}

// list lists the exercises whose names contain a word.
func (s *session) list(word string) error {
	state, err := s.space.State()
	if err != nil {
		return err
	}
	found := false
	for i, lesson := range repo.Lessons {
		var lines []string
		for _, e := range s.all {
			if e.Lesson.Name == lesson && (strings.Contains(e.Name, word) || strings.Contains(lesson, word)) {
				lines = append(lines, listed(e, state))
			}
		}
		if strings.Contains("predict", word) || strings.Contains(lesson, word) {
			mark := " "
			if state.Records[predictionOf(lesson)].Done {
				mark = "x"
			}
			lines = append(lines, fmt.Sprintf("%s predict %-30d What will the server do?", mark, i+1))
		}
		if len(lines) > 0 {
			found = true
			s.print(append([]string{lesson}, lines...))
		}
	}
	if !found {
		return &wrongArguments{fmt.Sprintf("no exercise's name contains %q", word)}
	}
	fmt.Fprintln(s.out, "\nx done, > current, . begun")
	return nil
}

// listed returns an exercise's line of the list.
func listed(e *exercise.Exercise, state workspace.State) string {
	return text.Cut(fmt.Sprintf("%s %-38s %s", markOf(e, state), e.Name, e.Title))
}

// markOf returns how far the reader is with an exercise.
func markOf(e *exercise.Exercise, state workspace.State) string {
	record, isBegun := state.Records[e.ID]
	switch {
	case record.Done:
		return "x"
	case e.ID == state.Current:
		return ">"
	case isBegun:
		return "."
	}
	return " "
}
