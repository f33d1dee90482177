package main

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/docs/practice/exercise"
	"example.com/echo/docs/practice/judge"
	"example.com/echo/docs/practice/text"
)

// report returns what there is to say of a copy that has not passed: the first
// failure only.
func report(v *judge.Verdict) (lines []string) {
	if v.Compiler != "" {
		lines = []string{"It does not build:", ""}
		for _, line := range begun(v.Compiler, 8) {
			lines = append(lines, text.Wrap("  "+strings.TrimSpace(line), text.Width)...)
		}
		return lines
	}
	sc := v.Scenario
	head := "Fails: "
	switch {
	case v.Failure == nil:
		return text.Wrap(fmt.Sprintf("Passes, but has to fail: %s. %s", sc.Name, sc.Story), text.Width)
	case v.FailsSo != "":
		lines = text.Wrap(fmt.Sprintf("%s fails, but not as it is to fail here: %s. It fails so:", sc.Name, v.FailsSo), text.Width)
		return append(append(lines, ""), failure(v.Failure)...)
	case v.IsOther:
		head = "What the exercise names is right now, but another scenario fails: "
	}
	lines = text.Wrap(head+sc.Name+". "+sc.Story, text.Width)
	lines = append(lines, "")
	if v.Transcript != "" {
		lines = append(lines, text.Indented(ended(v.Transcript, 5))...)
	}
	return text.Squeezed(append(lines, failure(v.Failure)...))
}

// passed returns what there is to say of a copy that has passed, and what comes next;
// nil if all is done.
func passed(e *exercise.Exercise, v *judge.Verdict, next *exercise.Exercise) (lines []string) {
	for _, line := range v.Wanted {
		lines = append(lines, text.Wrap(line, text.Width)...)
	}
	if e.Kind == exercise.Repair {
		lines = append(lines, text.Wrap("What was wrong: "+e.Hints[1], text.Width)...)
		lines = append(lines, "More: "+e.Page, "The change of the answer: go run ./docs/practice answer "+e.Name)
	} else {
		lines = append(lines, "Your file beside the answer's: go run ./docs/practice compare "+e.Name)
	}
	if next == nil {
		return append(lines, "", "All exercises are done.")
	}
	return append(lines, "", "Next: "+next.Name)
}

// failure returns what was expected, and what came.
func failure(err error) (lines []string) {
	if f := (*echotest.Failure)(nil); errors.As(err, &f) && f.Cause != nil {
		err = f.Cause // the rest follows from it
	}
	for line := range strings.Lines(err.Error()) {
		lines = append(lines, text.Folded(text.ShortSockets(strings.TrimRight(line, "\n")))...)
		if len(lines) >= 14 { // a panic has many
			return append(lines, "  …")
		}
	}
	return lines
}

// ended returns the last n lines of a text.
func ended(all string, n int) []string {
	lines := strings.Split(strings.TrimSuffix(all, "\n"), "\n")
	if len(lines) <= n {
		return lines
	}
	return append([]string{"…"}, lines[len(lines)-n:]...)
}

// begun returns the first n lines of a text.
func begun(all string, n int) []string {
	lines := strings.Split(all, "\n")
	if len(lines) <= n {
		return lines
	}
	return append(lines[:n:n], "…")
}

// lessonOf returns how an exercise's lesson is called: "lesson 2, select".
func lessonOf(e *exercise.Exercise) string {
	number, name, _ := strings.Cut(path.Base(e.Lesson.Name), "-")
	return fmt.Sprintf("lesson %s, %s", strings.TrimPrefix(number, "0"), name)
}
