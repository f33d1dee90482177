//go:build linux

package main

import (
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/faults"
	"example.com/echo/01-blocking/echotest/mutants"
	"example.com/echo/docs/practice/exercise"
	"example.com/echo/docs/practice/judge"
	"example.com/echo/docs/practice/workspace"
	"example.com/echo/docs/repo"
)

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	echotest.Main(m)
}

// sample are the exercises that are held to their promises in every run, one of
// each kind. With TAKE_TIME in the environment all are, which takes minutes.
var sample = []string{"repair-3-signal-storm", "rebuild-4-turn", "whole-lines"}

// TestExercises holds each exercise to failing as it is given, for the reason that
// it names; and to passing with its answer.
func TestExercises(t *testing.T) {
	t.Parallel()
	s := openTest(t)
	isAll := os.Getenv("TAKE_TIME") != ""
	for _, e := range s.all {
		if !isAll && !slices.Contains(sample, e.Name) {
			continue
		}
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			if _, err := faults.Under(e.Inject, ""); e.Inject != "" && err != nil {
				t.Skip(err)
			}
			v := checkTest(t, s, e)
			if v.Passed() {
				t.Fatal("it passes as it is given")
			}
			if !slices.Contains(slices.Concat(e.Passes, e.Fails), v.Scenario.Name) {
				t.Fatalf("expected %s to fail, but %q did\n%s", e.Passes, v.Scenario.Name, v.Compiler)
			}
			if e.Kind == exercise.Repair && mutants.Usual(v.Failure) != e.Usual[v.Scenario.Name] {
				t.Errorf("fails in another way than the fault is known for:\n%v", v.Failure)
			}
			c, err := s.space.Begin(e)
			if err != nil {
				t.Fatal(err)
			}
			for name, text := range e.Answers {
				write(t, c.Path(name), text)
			}
			if v := checkTest(t, s, e); !v.Passed() {
				t.Errorf("fails with its answer: %s\n%v\n%v", v.Compiler, v.Scenario.Name, v.Failure)
			}
		})
	}
}

// TestFailsOtherwise answers an exercise whose scenario has to fail in such a way that
// it fails for another client.
func TestFailsOtherwise(t *testing.T) {
	t.Parallel()
	s := openTest(t)
	e, c := beginTest(t, s, "four-at-a-time")
	write(t, c.Path(e.File), strings.Replace(e.Answers[e.File], ", 12)", ", 11)", 1))
	v := checkTest(t, s, e)
	if told := strings.Join(report(v), " "); v.Passed() || !strings.Contains(told, "not as it is to fail here: old-5 expected") || !strings.Contains(told, "old-4 expected") {
		t.Errorf("expected that it fails otherwise than it should, but it passed: %t; %s", v.Passed(), told)
	}
}

// TestWhole mends a fault and puts in another, which the exercise's scenario does not
// notice: others do.
func TestWhole(t *testing.T) {
	t.Parallel()
	s := openTest(t)
	e, c := beginTest(t, s, "repair-2-signal-storm")
	write(t, c.Path(e.File), strings.Replace(e.Answers[e.File], "l.writers.Set(fd)", "", 1))
	v := checkTest(t, s, e)
	if v.Passed() || !v.IsOther {
		t.Fatalf("expected another scenario to fail, but it passed: %t; %s", v.Passed(), v.Scenario.Name)
	}
	if told := strings.Join(report(v), " "); !strings.Contains(told, "but another scenario fails: "+v.Scenario.Name) {
		t.Errorf("expected the reader to be told so, but it is only\n%s", told)
	}
}

func openTest(t *testing.T) *session {
	t.Helper()
	s, err := open(t.TempDir(), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	return s
}

// beginTest begins an exercise.
func beginTest(t *testing.T, s *session, name string) (*exercise.Exercise, workspace.Copy) {
	t.Helper()
	e, err := s.find(name)
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.space.Begin(e)
	if err != nil {
		t.Fatal(err)
	}
	return e, c
}

// checkTest judges a copy, and logs how long that took.
func checkTest(t *testing.T, s *session, e *exercise.Exercise) *judge.Verdict {
	t.Helper()
	begin := time.Now()
	v, err := s.check(e, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("verdict after %v: passed %t %s", time.Since(begin).Round(time.Millisecond), v.Passed(), v.Wanted)
	return v
}

// TestHints holds each exercise to three hints and an answer, and its lesson's page to
// leading there.
func TestHints(t *testing.T) {
	root, err := repo.FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	all, err := exercise.All(root)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, e := range all {
		if names[e.Name] {
			t.Errorf("two exercises are called %s", e.Name)
		}
		names[e.Name] = true
		if page, err := os.ReadFile(root.Path(e.Lesson.Name + "/README.md")); !strings.Contains(string(page), e.Name) {
			t.Errorf("%s is not named in its lesson's page (%v): go run ./docs/weave", e.Name, err)
		}
		if len(e.Hints) != 3 || slices.Contains(e.Hints, "") || e.Answer == "" {
			t.Errorf("%s: expected three hints and an answer, found %q and %q", e.Name, e.Hints, e.Answer)
		}
	}
}
