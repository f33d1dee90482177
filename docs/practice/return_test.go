//go:build linux

package main

import (
	"os"
	"strings"
	"testing"

	"example.com/echo/docs/practice/exercise"
	"example.com/echo/docs/practice/workspace"
)

// begin begins an exercise, and has its file contain a text of the reader's.
func begin(t *testing.T, s *session, source string) (*exercise.Exercise, workspace.Copy) {
	t.Helper()
	e, c := beginTest(t, s, "repair-1-echo-1")
	write(t, c.Path(e.File), source)
	return e, c
}

// TestComeBack leaves an exercise and comes back to it: the reader's file is there.
func TestComeBack(t *testing.T) {
	t.Parallel()
	s := openTest(t)
	e, _ := begin(t, s, "mine")
	if _, err := s.space.Begin(s.all[5]); err != nil {
		t.Fatal(err)
	}
	c, err := s.space.Begin(e)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(c.Path(e.File)); string(text) != "mine" || c.IsOld {
		t.Errorf("expected the reader's file, and no change of the lessons, but found %q, %v, %t", text, err, c.IsOld)
	}
}

// TestPull has the lessons change while an exercise is under way, as git pull does: the
// reader is told, and keeps the file.
func TestPull(t *testing.T) {
	t.Parallel()
	s := openTest(t)
	e, _ := begin(t, s, "mine")
	err := s.space.Update(func(state *workspace.State) {
		record := state.Records[e.ID]
		record.Sources = "of another commit"
		state.Records[e.ID] = record
	})
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.space.Begin(e)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(c.Path(e.File)); string(text) != "mine" {
		t.Errorf("expected the reader's file, but found %q, %v", text, err)
	}
	const words = "The lessons have changed since you began"
	if told := strings.Join(s.about(e, c, ""), " "); !strings.Contains(told, words) {
		t.Errorf("expected the words %q, but the reader is told only\n%s", words, told)
	}
	kept, err := s.space.Reset(e)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(workspace.Copy{Dir: kept}.Path(e.File)); string(text) != "mine" {
		t.Errorf("expected a reset to keep the reader's file, but found %q, %v", text, err)
	}
	c, err = s.space.Begin(e)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(c.Path(e.File)); string(text) != e.Given[e.File] || c.IsOld {
		t.Errorf("expected a new copy after a reset, but found %q, %v, %t", text, err, c.IsOld)
	}
}

// TestCheckAllStays checks two exercises: the current one is the same afterwards.
func TestCheckAllStays(t *testing.T) {
	t.Parallel()
	s := openTest(t)
	first, err := s.find("rebuild-1-serve")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.space.Begin(first); err != nil {
		t.Fatal(err)
	}
	current, _ := begin(t, s, "package blocking")
	var lines []string
	err = s.checkAll(func(line string) { lines = append(lines, line) })
	if err != errFails || strings.Join(lines, " ") != "fails   repair-1-echo-1 fails   rebuild-1-serve" {
		t.Errorf("expected both to fail, but got %v %q", err, lines)
	}
	if state, _ := s.space.State(); state.Current != current.ID {
		t.Errorf("expected the current exercise to be %s still, but it is %s", current.ID, state.Current)
	}
}
