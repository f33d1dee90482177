package main

import (
	"fmt"
	"path"
	"strings"

	"example.com/echo/docs/practice/exercise"
	"example.com/echo/docs/practice/judge"
)

// report returns what there is to say of a copy that has not passed: the first
// failure only.
func report(v *judge.Verdict) (lines []string) {
	if v.Compiler != "" {
		return append([]string{"It does not build:", ""}, indented(lastOrFirst(v.Compiler, 8))...)
	}
	sc := v.Scenario
	head := "Fails: "
	switch {
	case v.Failure == nil:
		return wrap(fmt.Sprintf("Passes, but is to fail: %s. %s", sc.Name, sc.Story))
	case v.IsOther:
		head = "The fault is mended, but now something else fails: "
	}
	lines = wrap(head + sc.Name + ". " + sc.Story)
	lines = append(lines, "")
	lines = append(lines, indented(ended(v.Transcript, 7))...)
	return append(lines, failure(v)...)
}

// failure returns what was expected, and what came.
func failure(v *judge.Verdict) (lines []string) {
	first := v.Failure
	if first.Cause != nil {
		first = first.Cause // the rest follows from it
	}
	for line := range strings.Lines(first.Error()) {
		lines = append(lines, cut(shortSockets(strings.TrimRight(line, "\n"))))
		if len(lines) == 14 { // a panic has many
			return append(lines, "  …")
		}
	}
	return lines
}

// ended returns the last n lines of a text.
func ended(text string, n int) []string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) <= n {
		return lines
	}
	return append([]string{"…"}, lines[len(lines)-n:]...)
}

// lastOrFirst returns the first n lines of a text.
func lastOrFirst(text string, n int) []string {
	lines := strings.Split(text, "\n")
	if len(lines) <= n {
		return lines
	}
	return append(lines[:n:n], "…")
}

// about returns what an exercise is about, and where to work on it.
func about(e *exercise.Exercise, kinds map[exercise.Kind]string, file string) (lines []string) {
	task := e.Task
	if task == "" {
		task = kinds[e.Kind]
	}
	lines = append(plain(task, e.Page), "", "  "+file)
	return lines
}

// lessonOf returns how an exercise's lesson is called: "lesson 2, select".
func lessonOf(e *exercise.Exercise) string {
	number, name, _ := strings.Cut(path.Base(e.Lesson.Name), "-")
	return fmt.Sprintf("lesson %s, %s", strings.TrimPrefix(number, "0"), name)
}
