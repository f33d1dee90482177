package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/docs/markdown"
	"example.com/echo/docs/practice/exercise"
	"example.com/echo/docs/practice/text"
	"example.com/echo/docs/repo"
)

// A rung is a scenario, and the first lesson that serves it.
type rung struct {
	echotest.Scenario
	lesson  int // its index
	verdict chan echotest.Verdict
}

// rungs returns all scenarios that a server of the reader's own faces, in the
// order of the lessons. Stopping is what lesson 2 explains last.
func (s *session) rungs() (all []rung) {
	for lesson := range repo.Lessons {
		for _, sc := range s.lessons.Served(lesson) {
			isKnown := slices.ContainsFunc(all, func(r rung) bool { return r.Name == sc.Name })
			if !isKnown && !slices.Contains(sc.Needs, echotest.WorkerProcesses) {
				all = append(all, rung{sc, lesson, make(chan echotest.Verdict, 1)})
			}
		}
	}
	isLast := func(r rung) int {
		if strings.HasPrefix(r.Name, "told-to-stop") {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(all, func(a, b rung) int { return cmp.Or(a.lesson-b.lesson, isLast(a)-isLast(b)) })
	return all
}

// climb plays the scenarios against the server that a command starts, up to the
// first that it fails.
func (s *session) climb(command string) error {
	all := s.rungs()
	isOver := make(chan struct{})
	defer close(isOver)
	left := make(chan rung)
	go func() {
		defer close(left)
		for _, r := range all {
			select {
			case left <- r:
			case <-isOver:
				return
			}
		}
	}()
	for range 4 { // most of their time is waiting
		go func() {
			for r := range left {
				r.verdict <- echotest.Judge(command, r.Scenario)
			}
		}()
	}
	lesson, isLimited := -1, false
	for _, r := range all {
		if r.lesson != lesson {
			lesson = r.lesson
			fmt.Fprintf(s.out, "%s\n", s.titleOf(lesson))
		}
		v := <-r.verdict
		if v.Failure != nil {
			s.print(s.fallen(r, v))
			return errFails
		}
		fmt.Fprintln(s.out, text.Cut(fmt.Sprintf("  ok  %-30s %s", r.Name, r.Story)))
		if v.Remark != "" {
			isLimited = true
			s.print(text.Indented(text.Wrap("("+v.Remark+")", text.Width-2)))
		}
	}
	if isLimited {
		fmt.Fprintf(s.out, "\nYour server does what lesson 2 does: it serves many, up to a limit.\nA loop without a limit: %s/README.md\n", repo.Lessons[2])
		return nil
	}
	return s.weigh(command)
}

// titleOf returns how a lesson's page is called.
func (s *session) titleOf(lesson int) string {
	page, _ := os.ReadFile(s.root.Path(repo.Lessons[lesson] + "/README.md"))
	first, _, _ := strings.Cut(string(page), "\n")
	return strings.TrimPrefix(first, "# ")
}

// known are failures of which it can be told better what they are about than by the
// scenario alone: a part of its name, and of what is said of the failure.
var known = []struct{ scenario, words, place, pitfall string }{
	{"told-to-stop", "", repo.Lessons[1] + "/README.md#the-drain-step-by-step", "The server does not notice that it is to stop"},
	{"", "reads on without a limit", repo.Lessons[1] + "/README.md#back-pressure", "A client that never reads"},
	{"both-stall", "the server is in ", repo.Lessons[1] + "/README.md#non-blocking-and-eagain", "Two that write wait for each other"},
}

// fallen tells of the first scenario that the reader's server fails.
func (s *session) fallen(r rung, v echotest.Verdict) []string {
	if failed := (*echotest.Failure)(nil); !errors.As(v.Failure, &failed) {
		lines := append([]string{"", "Your server did not start:"}, failure(v.Failure)...)
		return append(lines, "", "What is asked of it: docs/practice/README.md#your-own-server")
	}
	lines := append([]string{""}, text.Wrap("Fails: "+r.Name+". "+r.Story, text.Width)...)
	lines = append(lines, "")
	if v.Transcript != "" {
		lines = append(lines, text.Indented(ended(v.Transcript, 10))...)
	}
	lines = append(lines, failure(v.Failure)...)
	place := repo.Lessons[r.lesson] + "/README.md"
	heading, pitfall := exercise.Pitfall(s.root, r.Name)
	for _, k := range known {
		if strings.HasPrefix(r.Name, k.scenario) && strings.Contains(v.Failure.Error(), k.words) {
			place = k.place
			if k.pitfall != "" {
				heading, pitfall = k.pitfall, exercise.PitfallsPage+"#"+markdown.Anchor(k.pitfall)
			}
			break
		}
	}
	lines = append(lines, "", "That is the question of "+s.titleOf(repo.LessonOf(place))+":", "  "+place)
	if heading != "" {
		lines = append(lines, heading+":", "  "+pitfall)
	}
	return text.Squeezed(lines)
}
