// Package mutants keeps the lessons' programs with a small fault put in, and plays
// the scenarios that must notice.
package mutants

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/server"
)

// A Mutant is a lesson's program with a small fault put in: to see that a
// scenario notices, and for the reader to see what the scenario is there for.
// The lesson keeps it in the file testdata/mutants/NAME.mutant:
//
//	wrong: A sentence that says what the fault is.
//	file: 02-select/selectloop/loop.go
//	scenario: signal-storm
//	explained: 02-select/README.md
//
//	 	a line of the file before the change
//	-	a line that the change takes out
//	+	a line that it puts in
//
// A line of @@ stands between two changes of the same file. The header can also
// have args: flags for the program; and inject: a fault that strace injects into
// its system calls. Beside it, NAME.failure is how the scenario must fail.
type Mutant struct {
	Name      string
	Lesson    Lesson // whose program has the fault
	Wrong     string
	File      string // where it is, by its slash-separated path from the root
	Scenario  string
	Explained string // the page that tells why it is wrong, from the root
	Args      []string
	Inject    string // a system call's fault, as strace(1) has it; "" for none
	Change    string

	root string // of the repository
}

// A Lesson is one whose program can have faults.
type Lesson struct {
	Name string // of its directory
	// Scenarios are those that its mutants face beside the ones of all lessons.
	Scenarios []echotest.Scenario
	// Workers says that there are several workers, so that the order of events
	// between connections is not fixed.
	Workers bool
}

// Of returns the mutants of a lesson of the repository at root, in the order of
// their names.
func Of(root string, lesson Lesson) ([]*Mutant, error) {
	paths, err := filepath.Glob(filepath.Join(root, lesson.Name, "testdata", "mutants", "*.mutant"))
	if err != nil {
		return nil, err
	}
	var mutants []*Mutant
	for _, path := range paths {
		text, err := server.ReadFile(path)
		if err != nil {
			return nil, err
		}
		m := &Mutant{Name: strings.TrimSuffix(filepath.Base(path), ".mutant"), Lesson: lesson, root: root}
		if err := m.parse(string(text)); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		mutants = append(mutants, m)
	}
	return mutants, nil
}

func (m *Mutant) parse(text string) error {
	header, change, _ := strings.Cut(text, "\n\n")
	m.Change = change
	for line := range strings.Lines(header) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "wrong":
			m.Wrong = value
		case "file":
			m.File = value
		case "scenario":
			m.Scenario = value
		case "explained":
			m.Explained = value
		case "args":
			m.Args = strings.Fields(value)
		case "inject":
			m.Inject = value
		default:
			return fmt.Errorf("a header has no line %q", line)
		}
	}
	for _, value := range []string{m.Wrong, m.File, m.Scenario, m.Explained, m.Change} {
		if value == "" {
			return errors.New("want the lines wrong, file, scenario and explained, an empty one, and the change")
		}
	}
	return nil
}

// Source returns the file as the lesson has it, and with the fault put in.
func (m *Mutant) Source() (lesson, faulty string, err error) {
	text, err := server.ReadFile(filepath.Join(m.root, filepath.FromSlash(m.File)))
	if err != nil {
		return "", "", err
	}
	if faulty, err = Apply(string(text), m.Change); err != nil {
		err = fmt.Errorf("%s: %w", m.File, err)
	}
	return string(text), faulty, err
}

// Apply returns source with a change made: lines that begin with a blank, - or
// +. A line that begins with @@ stands before, or between, changes in several
// places. What is to be replaced must be there once, or it is not known any more
// what the change was about.
func Apply(source, change string) (string, error) {
	for _, part := range separator.Split(change, -1) {
		if part == "" {
			continue
		}
		var before, after strings.Builder
		for line := range strings.Lines(part) {
			switch line[0] {
			case '-':
				before.WriteString(line[1:])
			case '+':
				after.WriteString(line[1:])
			case ' ':
				before.WriteString(line[1:])
				after.WriteString(line[1:])
			default:
				return "", fmt.Errorf("a line of the change begins with none of space, - and +: %q", line)
			}
		}
		if n := strings.Count(source, before.String()); n != 1 {
			return "", fmt.Errorf("the change no longer applies: there is %d times\n%s", n, &before)
		}
		source = strings.Replace(source, before.String(), after.String(), 1)
	}
	return source, nil
}

var separator = regexp.MustCompile(`(?m)^@@.*\n`)

// Build builds the program with the fault into the directory dir, and returns
// its path. Nothing of the lesson is copied but the file that is changed.
func (m *Mutant) Build(dir string) (string, error) {
	original, err := filepath.Abs(filepath.Join(m.root, filepath.FromSlash(m.File)))
	if err != nil {
		return "", err
	}
	_, changed, err := m.Source()
	if err != nil {
		return "", err
	}
	replacement := filepath.Join(dir, filepath.Base(original))
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{original: replacement}})
	if err != nil {
		return "", err
	}
	list := filepath.Join(dir, "overlay.json")
	if err := errors.Join(os.WriteFile(replacement, []byte(changed), 0o666), os.WriteFile(list, overlay, 0o666)); err != nil {
		return "", err
	}
	// Without the race detector, even where the tests have it: that would say
	// something of its own.
	program := filepath.Join(dir, m.Lesson.Name)
	return program, server.BuildAt(program, m.directory(), "-overlay", list)
}

// directory returns that of the lesson.
func (m *Mutant) directory() string { return filepath.Join(m.root, m.Lesson.Name) }

// golden returns the path of the file that tells how the mutant fails.
func (m *Mutant) golden() string {
	return filepath.Join(m.directory(), "testdata", "mutants", m.Name+".failure")
}

// Usual returns how the mutant fails; "" if that is not known.
func (m *Mutant) Usual() (string, error) {
	text, err := server.ReadFile(m.golden())
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return string(text), err
}

// Trial returns the trial of a program that has, or had, this fault.
func (m *Mutant) Trial(program string) *Trial {
	return &Trial{
		Program: program, Args: m.Args, Inject: m.Inject,
		Logs: filepath.Join(m.directory(), "testdata"), Workers: m.Lesson.Workers,
	}
}

// Play plays the mutant's scenario against program, and returns how it failed,
// in words that are the same in every run; "" if it did not.
func (m *Mutant) Play(program string) (string, error) {
	sc, err := m.FindScenario()
	if err != nil {
		return "", err
	}
	usual, err := m.Usual()
	if err != nil {
		return "", err
	}
	trial := m.Trial(program)
	trial.MostWork = 300 * time.Millisecond // those that do not spin use less than 20 ms in any wait
	const tries = 5                         // some faults show only when two workers meet
	for range tries {
		if v := trial.Play(sc, usual); v.Failure != nil {
			return Usual(v.Failure), nil
		}
	}
	return "", nil
}

// FindScenario returns the scenario that must catch the mutant.
func (m *Mutant) FindScenario() (echotest.Scenario, error) { return m.Lesson.Find(m.Scenario) }

// Find returns a scenario by its name: one of those of all lessons, one that only
// mutants face, or one of the lesson's own.
func (l Lesson) Find(name string) (echotest.Scenario, error) {
	for _, sc := range slices.Concat(echotest.Scenarios, traps, l.Scenarios) {
		if sc.Name == name {
			return sc, nil
		}
	}
	return echotest.Scenario{}, fmt.Errorf("there is no scenario %q", name)
}
