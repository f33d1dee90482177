package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"example.com/echo/docs/matrix"
	"example.com/echo/docs/practice/exercise"
	"example.com/echo/docs/practice/judge"
	"example.com/echo/docs/practice/text"
	"example.com/echo/docs/practice/workspace"
	"example.com/echo/docs/repo"
)

// A session is one run of the program.
type session struct {
	root       repo.Root
	all        []*exercise.Exercise
	repairing  string // what is to be done in a repair, Markdown
	space      *workspace.Workspace
	lessons    matrix.Matrix
	judge      *judge.Judge
	in         *os.File
	out        io.Writer
	isTerminal bool
	idle       int // clients that weigh connects
	seed       uint64
}

// open opens the reader's folder: dir, or the usual one.
func open(dir string, out io.Writer) (*session, error) {
	if runtime.GOOS != "linux" {
		return nil, errors.New("needs Linux: the scenarios look at the server through /proc")
	}
	root, err := repo.FindRoot()
	if err != nil {
		return nil, err
	}
	if err := needGo(); err != nil {
		return nil, err
	}
	s := &session{root: root, out: out, idle: 15_000}
	var trouble error
	if s.all, trouble = exercise.All(root); trouble != nil {
		first, _, _ := strings.Cut(trouble.Error(), "\n")
		fmt.Fprintf(out, "An exercise is left out, because a lesson is not as it was: %s\n\n", first)
	}
	if s.repairing, err = exercise.Section(root, page+"#repair"); err != nil {
		return nil, err
	}
	if dir == "" {
		dir = root.Path("practice")
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, err
	}
	if s.space, err = workspace.Open(root, dir); err != nil {
		return nil, err
	}
	if s.lessons, err = matrix.Read(root); err != nil {
		return nil, err
	}
	s.judge, err = judge.New(root, s.lessons)
	return s, err
}

// page is about this program.
const page = "docs/practice/README.md"

func (s *session) close() {
	if s.judge != nil {
		s.judge.Close()
	}
}

// with does something with the exercise of that name, or with the current one.
func (s *session) with(name string, do func(*exercise.Exercise) error) error {
	e, err := s.find(name)
	if err != nil {
		return err
	}
	return do(e)
}

func (s *session) find(name string) (*exercise.Exercise, error) {
	if name != "" {
		e, err := exercise.Find(s.all, name)
		if err != nil {
			return nil, &wrongArguments{err.Error()}
		}
		return e, nil
	}
	state, err := s.space.State()
	if err != nil {
		return nil, err
	}
	for _, e := range s.all {
		if e.ID == state.Current {
			return e, nil
		}
	}
	return s.all[0], nil
}

// next returns the exercise to do after e: the first that is not done of those that
// come after it, or else of all; nil if all are done.
func (s *session) next(e *exercise.Exercise, state workspace.State) *exercise.Exercise {
	at := slices.Index(s.all, e) + 1
	for _, e := range slices.Concat(s.all[at:], s.all[:at]) {
		if !state.Records[e.ID].Done {
			return e
		}
	}
	return nil
}

// goOn shows what there is and what is done, and starts what comes next.
func (s *session) goOn() error {
	state, err := s.space.State()
	if err != nil {
		return err
	}
	e, err := s.find("")
	if err != nil {
		return err
	}
	if state.Records[e.ID].Done {
		if e = s.next(e, state); e == nil {
			fmt.Fprintf(s.out, "All %d exercises are done.\n", len(s.all))
			return nil
		}
	}
	if !s.isTerminal {
		s.overview(state)
	}
	return s.start(e)
}

// start begins an exercise, or goes on with it.
func (s *session) start(e *exercise.Exercise) error {
	if s.isTerminal {
		return s.watch(e)
	}
	c, err := s.space.Begin(e)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s (%s)\n\n", e.Name, lessonOf(e))
	s.print(append(s.about(e, c, e.Task), ""))
	return s.checkOnce(e)
}

// about returns what an exercise is about, and in which files it is done.
func (s *session) about(e *exercise.Exercise, c workspace.Copy, task string) []string {
	if task == "" {
		task = s.repairing
	}
	lines := append(text.Plain(task, e.Page), "")
	for _, name := range e.Files() {
		lines = append(lines, "  "+shown(c.Path(name)))
	}
	if c.IsOld {
		lines = append(lines, "")
		lines = append(lines, text.Wrap("The lessons have changed since you began this exercise. Your copy has them as they were; "+
			"`go run ./docs/practice reset` makes a new copy, and keeps this one.", text.Width)...)
	}
	return lines
}

// shown returns a path as the reader types it, who is at the root.
func shown(path string) string {
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	if relative, err := filepath.Rel(here, path); err == nil && len(relative) < len(path) {
		return relative
	}
	return path
}

// check judges the copy, and notes it if it has passed.
func (s *session) check(e *exercise.Exercise, tell func(string)) (*judge.Verdict, error) {
	c, err := s.space.Copy(e)
	if err != nil {
		return nil, err
	}
	if err := s.space.Check(c, e); err != nil {
		return nil, err
	}
	v, err := s.judge.Check(e, c, tell)
	if err != nil {
		return nil, err
	}
	return v, s.space.Update(func(state *workspace.State) {
		record := state.Records[e.ID]
		record.Done, record.Log = record.Done || v.Passed(), v.Log
		state.Records[e.ID] = record
	})
}

// checkOnce judges the copy, and prints the verdict.
func (s *session) checkOnce(e *exercise.Exercise) error {
	v, err := s.check(e, func(string) {})
	if err != nil {
		return err
	}
	if !v.Passed() {
		s.print(report(v))
		fmt.Fprintf(s.out, "\nIf you are stuck: go run ./docs/practice hint\n")
		return errFails
	}
	fmt.Fprintf(s.out, "%s: passed.\n", e.Name)
	state, err := s.space.State()
	s.print(passed(e, v, s.next(e, state)))
	return err
}

// checkAll judges all copies, and tells of each.
func (s *session) checkAll(tell func(line string)) (result error) {
	state, err := s.space.State()
	if err != nil {
		return err
	}
	for _, e := range s.all {
		if _, isBegun := state.Records[e.ID]; !isBegun {
			continue
		}
		v, err := s.check(e, func(string) {})
		switch {
		case err != nil:
			return err
		case v.Passed():
			tell("passes  " + e.Name)
		default:
			tell("fails   " + e.Name)
			result = errFails
		}
	}
	return result
}

// answer shows the answer, after one question.
func (s *session) answer(e *exercise.Exercise) error {
	if !s.confirm("Show the answer?") {
		return nil
	}
	s.print(text.Plain(e.Answer, e.HintPage()))
	return nil
}

func (s *session) print(lines []string) {
	for _, line := range lines {
		fmt.Fprintln(s.out, line)
	}
}

// reset begins an exercise anew.
func (s *session) reset(e *exercise.Exercise) error {
	kept, err := s.space.Reset(e)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s is as it was at the beginning.\n", e.Name)
	if kept != "" {
		fmt.Fprintf(s.out, "Your copy is kept as %s, until the next reset.\n", shown(kept))
	}
	return nil
}
