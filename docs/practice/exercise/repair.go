package exercise

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"slices"
	"strings"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/mutants"
	"example.com/echo/docs/repo"
)

// repairs returns an exercise for each fault of a lesson, the easiest first: it is
// called after the scenario that fails, since the name of the fault tells too much.
func repairs(root repo.Root, lesson mutants.Lesson) (all []*Exercise, trouble error) {
	faults, err := mutants.Of(string(root), lesson)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(faults, easier)
	named := map[string]int{}
	for _, m := range faults {
		named[m.Scenario]++
	}
	numbers := map[string]int{}
	for _, m := range faults {
		e, err := repair(root, m)
		if err != nil {
			trouble = errors.Join(trouble, err)
			continue
		}
		e.Name = fmt.Sprintf("repair-%d-%s", e.Index()+1, m.Scenario)
		if named[m.Scenario] > 1 {
			numbers[m.Scenario]++
			e.Name += fmt.Sprintf("-%d", numbers[m.Scenario])
		}
		all = append(all, e)
	}
	return all, trouble
}

// easier compares two faults: one in a loop, which has a hundred lines, is easier
// to find than one elsewhere; then, one that an earlier scenario notices.
func easier(a, b *mutants.Mutant) int {
	outside := func(m *mutants.Mutant) int {
		if path.Base(m.File) == "loop.go" {
			return 0
		}
		return 1
	}
	place := func(m *mutants.Mutant) int {
		at := slices.IndexFunc(echotest.Scenarios, func(sc echotest.Scenario) bool { return sc.Name == m.Scenario })
		if at < 0 {
			return len(echotest.Scenarios)
		}
		return at
	}
	return cmp.Or(outside(a)-outside(b), place(a)-place(b), strings.Count(a.Change, "\n")-strings.Count(b.Change, "\n"))
}

func repair(root repo.Root, m *mutants.Mutant) (*Exercise, error) {
	right, faulty, err := m.Source()
	if err != nil {
		return nil, err
	}
	usual, err := m.Usual()
	if err != nil {
		return nil, err
	}
	sc, err := m.FindScenario()
	if err != nil {
		return nil, err
	}
	heading, teaches, err := section(root, m.Explained)
	if err != nil {
		return nil, err
	}
	limit, err := os.ReadFile(root.Path(m.Lesson.Name + "/testdata/" + m.Scenario + ".failure"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	e := &Exercise{
		ID: m.Lesson.Name + "/" + m.Name, Kind: Repair, Lesson: m.Lesson, Page: m.Explained,
		Title: sc.Story, File: m.File,
		Given: map[string]string{m.File: faulty}, Answers: map[string]string{m.File: right},
		Passes: []string{m.Scenario}, Usual: map[string]string{m.Scenario: usual}, Limit: string(limit),
		Args: m.Args, Inject: m.Inject, ComparesLog: true, IsWhole: true, RightLog: rightLog(root, m),
	}
	e.Hints = []string{
		fmt.Sprintf("The fault is in `%s`.", functionAt(faulty, right)),
		m.Wrong,
		fmt.Sprintf("**%s**, in %s\n\n%s", heading, m.Explained, teaches),
	}
	e.Answer = m.Wrong + "\n\n```diff\n" + strings.TrimSuffix(reverse(m.Change), "\n") + "\n```\n"
	return e, nil
}

// reverse turns a change round.
func reverse(change string) string {
	var b strings.Builder
	added := "" // after what is taken out
	for line := range strings.Lines(change) {
		switch line[0] {
		case '-':
			added += "+" + line[1:]
			continue
		case '+':
			b.WriteString("-" + line[1:])
			continue
		}
		b.WriteString(added + line)
		added = ""
	}
	return b.String() + added
}

// functionAt returns the name of what is declared where two files first differ.
func functionAt(source, other string) string {
	at := 0
	for at < min(len(source), len(other)) && source[at] == other[at] {
		at++
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", source, parser.SkipObjectResolution)
	if err != nil {
		return "the file"
	}
	for _, decl := range file.Decls {
		if fset.Position(decl.End()).Offset < at {
			continue
		}
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			return decl.Name.Name
		case *ast.GenDecl:
			if spec, ok := decl.Specs[0].(*ast.TypeSpec); ok {
				return spec.Name.Name
			}
		}
	}
	return "the file"
}

// rightLog returns the end of the log that the lesson writes, if it is kept.
func rightLog(root repo.Root, m *mutants.Mutant) string {
	const shown = 5
	text, err := os.ReadFile(root.Path(m.Lesson.Name + "/testdata/" + m.Scenario + ".log"))
	if err != nil {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-shown):], "\n")
}
