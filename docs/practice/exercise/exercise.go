// Package exercise has the exercises: what the reader gets, what has to hold at the
// end, the hints and the answer. All of that is made of what the repository has
// anyway: its faults, its sources, and the pages.
package exercise

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.com/echo/01-blocking/echotest/mutants"
	"example.com/echo/docs/lessons"
	"example.com/echo/docs/repo"
)

// A Kind is what is done in an exercise.
type Kind string

// The kinds, in the order in which a lesson has them.
const (
	Repair  Kind = "repair"  // a fault is put in; the reader takes it out
	Rebuild Kind = "rebuild" // a part is taken out; the reader writes it
	Change  Kind = "change"  // an exercise of a lesson's page
)

// An Exercise is one thing to do in a copy of the lessons.
type Exercise struct {
	ID     string // stays the same when others come
	Name   string // that the reader types
	Kind   Kind
	Lesson mutants.Lesson
	Title  string // a line
	Task   string // Markdown
	Page   string // that it is about, from the root
	Hints  []string
	Answer string // Markdown

	RightLog string // the end of the log that the lesson writes; "" if it is not kept

	File    string            // where the reader begins, from the root of the copy
	Given   map[string]string // files that the reader gets otherwise than the lesson has them
	Answers map[string]string // the same, and others, as they are in the answer

	Passes, Fails []string          // scenarios
	FailsSo       string            // words that are in the failures of Fails
	Usual         map[string]string // how scenarios fail at first; see mutants.Trial.Play
	Limit         string            // how the scenario of a fault still fails when that is mended; "" if it passes
	Args          []string          // flags for the program
	Inject        string            // see mutants.Trial
	ComparesLog   bool              // with that of the lesson
	IsWhole       bool              // what the lesson serves has to be served as well
}

// Index returns the lesson's index in repo.Lessons.
func (e *Exercise) Index() int { return repo.LessonOf(e.Lesson.Name) }

// All returns the exercises in the order in which they are best done. The error
// tells of those that could not be made; the others are returned all the same.
func All(root repo.Root) ([]*Exercise, error) {
	var all []*Exercise
	rebuilds, trouble := ofPage(root, rebuildPage, Rebuild)
	for _, lesson := range lessons.All {
		repairs, err := repairs(root, lesson)
		trouble = errors.Join(trouble, err)
		changes, err := ofPage(root, lesson.Name+"/README.md", Change)
		trouble = errors.Join(trouble, err)
		all = append(all, repairs...)
		for _, e := range rebuilds {
			if e.Lesson.Name == lesson.Name {
				all = append(all, e)
			}
		}
		all = append(all, changes...)
	}
	return all, trouble
}

// Find returns the exercise with a name. The error says which there are that are
// called much the same.
func Find(all []*Exercise, name string) (*Exercise, error) {
	var alike []string
	for _, e := range all {
		if e.Name == name || e.ID == name {
			return e, nil
		}
		if strings.Contains(e.Name, name) {
			alike = append(alike, e.Name)
		}
	}
	if len(alike) == 0 {
		return nil, fmt.Errorf("there is no exercise %q; `go run ./docs/practice list` lists them", name)
	}
	return nil, fmt.Errorf("there is no exercise %q, but %s", name, strings.Join(alike[:min(len(alike), 5)], ", "))
}

// Files returns the files that differ in the answer: first the one where the reader
// begins.
func (e *Exercise) Files() []string {
	others := slices.DeleteFunc(slices.Sorted(maps.Keys(e.Answers)), func(name string) bool { return name == e.File })
	return append([]string{e.File}, others...)
}

// HintPage returns the page that the links in the hints and the answer begin at.
func (e *Exercise) HintPage() string {
	page, _, _ := strings.Cut(e.Page, "#")
	return page
}
