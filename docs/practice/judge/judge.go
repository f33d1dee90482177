// Package judge says what is to be said of the reader's copy: it builds the
// program and plays the scenarios, as the lessons' own tests do.
package judge

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/mutants"
	"example.com/echo/01-blocking/echotest/server"
	"example.com/echo/docs/matrix"
	"example.com/echo/docs/practice/exercise"
	"example.com/echo/docs/practice/workspace"
	"example.com/echo/docs/repo"
)

// A Judge judges copies. It is to be closed.
type Judge struct {
	root    repo.Root
	lessons matrix.Matrix
	dir     string // for programs

	mu     sync.Mutex
	failed map[string]string // how, by exercise and scenario: see mutants.Trial.Play
}

// New returns a Judge.
func New(root repo.Root, lessons matrix.Matrix) (*Judge, error) {
	dir, err := repo.ProgramDir("practice")
	return &Judge{root: root, lessons: lessons, dir: dir, failed: map[string]string{}}, err
}

// Close removes the programs.
func (j *Judge) Close() { os.RemoveAll(j.dir) }

// A Verdict is what there is to say of a copy. It has passed, if Compiler and
// Scenario are empty.
type Verdict struct {
	Compiler string            // what the compiler says, if that is an error
	Scenario echotest.Scenario // the first that did not go as it should
	IsOther  bool              // it is not one of those that the exercise names
	FailsSo  string            // how it is to fail, if it fails in another way
	Wanted   []string          // how those have failed that are to fail, if all is as it should be
	mutants.Verdict
}

// Passed reports whether all is as it should be.
func (v *Verdict) Passed() bool { return v.Compiler == "" && v.Scenario.Name == "" }

// Check judges a copy. It calls tell with what it does at the moment.
func (j *Judge) Check(e *exercise.Exercise, c workspace.Copy, tell func(string)) (*Verdict, error) {
	tell("building " + e.Lesson.Name)
	program := filepath.Join(j.dir, filepath.FromSlash(e.ID), e.Lesson.Name) // two may be checked at the same time
	err := server.BuildAt(program, c.Path(e.Lesson.Name), "-trimpath", "-ldflags=-s=0 -w=0")
	if err != nil {
		return &Verdict{Compiler: complaint(err, c.Dir, e.Lesson.Name)}, nil
	}
	trial := mutants.Trial{
		Program: program, Args: e.Args, Inject: e.Inject, Workers: e.Lesson.Workers,
		Logs: j.root.Path(e.Lesson.Name + "/testdata"), MostWork: 3 * time.Second,
	}
	named, err := j.named(e)
	if err != nil {
		return nil, err
	}
	tell("playing " + strings.Join(slices.Concat(e.Passes, e.Fails), ", "))
	if v := j.play(named, trial); v != nil {
		return v, nil
	}
	if !e.IsWhole {
		return &Verdict{Wanted: j.wanted(e)}, nil
	}
	others := j.others(e)
	tell(fmt.Sprintf("playing the %d other scenarios", len(others)))
	trial.Args, trial.Inject, trial.MostWork = nil, "", 0
	if v := j.play(others, trial); v != nil {
		v.IsOther = true
		return v, nil
	}
	return &Verdict{}, nil
}

// wanted says how the scenarios failed last that are to fail.
func (j *Judge) wanted(e *exercise.Exercise) (lines []string) {
	for _, name := range e.Fails {
		if text, ok := j.failedSo(key(e, name)); ok {
			lines = append(lines, name+" fails, as it should: "+sentence(text))
		}
	}
	return lines
}

// sentence returns the first two lines of a failure, what was expected and what
// came, as one.
func sentence(failure string) string {
	first, rest, _ := strings.Cut(failure, "\n")
	came, _, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(rest, "  but")), "\n")
	return first + ", but " + came
}

func key(e *exercise.Exercise, scenario string) string { return e.ID + " " + scenario }

// A play is a scenario to be played, and how it is to go.
type play struct {
	echotest.Scenario
	key         string // in failed
	usual       string // how it fails
	limit       string // how it fails if all is well
	isToFail    bool
	failsSo     string // words of how
	comparesLog bool
}

// named returns the plays that an exercise names.
func (j *Judge) named(e *exercise.Exercise) (plays []play, err error) {
	const tries = 3 // some faults show only when two workers meet
	for _, name := range slices.Concat(e.Passes, e.Fails) {
		sc, err := e.Lesson.Find(name)
		if err != nil {
			return nil, err
		}
		p := play{Scenario: sc, key: key(e, name), usual: e.Usual[name], limit: e.Limit, isToFail: slices.Contains(e.Fails, name), failsSo: e.FailsSo}
		p.comparesLog = e.ComparesLog || p.isToFail // it passes at first, log and all
		if text, ok := j.failedSo(p.key); ok {
			p.usual = text
		}
		plays = append(plays, p)
		for i := 1; i < tries && e.Lesson.Workers && e.Kind == exercise.Repair; i++ {
			plays = append(plays, p)
		}
	}
	return plays, nil
}

// takeLong are scenarios that take longer with several workers than a reader waits. They
// are about the loops, not about workers.
var takeLong = []string{"crowd", "long-queue", "long-stream"}

// others returns the other plays of what the lesson serves.
func (j *Judge) others(e *exercise.Exercise) (plays []play) {
	for _, sc := range j.lessons.Served(e.Index()) {
		isNamed := len(e.Args) == 0 && slices.Contains(e.Passes, sc.Name)
		if !isNamed && !(e.Lesson.Workers && slices.Contains(takeLong, sc.Name)) {
			plays = append(plays, play{Scenario: sc, usual: mutants.None, comparesLog: e.ComparesLog})
		}
	}
	return plays
}

func (j *Judge) failedSo(key string) (string, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	text, ok := j.failed[key]
	return text, ok
}

// play plays scenarios, some at the same time: most of their time is waiting. It
// returns what is to be said of the first, in order, that did not go as it
// should; nil if there is none. After it, others are not begun.
func (j *Judge) play(plays []play, trial mutants.Trial) *Verdict {
	verdicts := make([]*Verdict, len(plays))
	var mu sync.Mutex
	next, isOver := 0, false
	take := func() int {
		mu.Lock()
		defer mu.Unlock()
		if next++; isOver {
			return len(plays)
		}
		return next - 1
	}
	var players sync.WaitGroup
	for range 8 {
		players.Go(func() {
			for i := take(); i < len(plays); i = take() {
				verdicts[i] = j.playOne(plays[i], trial)
				mu.Lock()
				isOver = isOver || verdicts[i] != nil
				mu.Unlock()
			}
		})
	}
	players.Wait()
	if at := slices.IndexFunc(verdicts, func(v *Verdict) bool { return v != nil }); at >= 0 {
		return verdicts[at]
	}
	return nil
}

func (j *Judge) playOne(p play, trial mutants.Trial) *Verdict {
	if !p.comparesLog {
		trial.Logs = ""
	}
	v := trial.Play(p.Scenario, p.usual)
	if v.Failure != nil {
		usual := mutants.Usual(v.Failure)
		j.mu.Lock()
		j.failed[p.key] = usual
		j.mu.Unlock()
		if usual == p.limit {
			return nil
		}
	}
	if p.isToFail && v.Failure != nil && !strings.Contains(sentence(mutants.Usual(v.Failure)), p.failsSo) {
		return &Verdict{Scenario: p.Scenario, FailsSo: p.failsSo, Verdict: v}
	}
	if hasFailed := v.Failure != nil; hasFailed == p.isToFail {
		return nil
	}
	return &Verdict{Scenario: p.Scenario, Verdict: v}
}

var position = regexp.MustCompile(`(?m)^([^\s:]+\.go):(\d+)`)

// complaint returns what the compiler says, with the files named from the root
// of the copy.
func complaint(err error, dir, lesson string) string {
	var b strings.Builder
	text := strings.ReplaceAll(err.Error(), dir+string(filepath.Separator), "")
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") || strings.Contains(line, "does not build: ") {
			continue
		}
		if m := position.FindStringSubmatchIndex(line); m != nil {
			if name := line[m[2]:m[3]]; repo.LessonOf(name) < 0 {
				line = path.Join(lesson, name) + line[m[3]:]
			}
		}
		b.WriteString(line)
	}
	return strings.TrimSpace(b.String())
}
