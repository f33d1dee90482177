// Break shows what a small fault does to a server: it builds a lesson's program
// with the fault put in, plays the scenario that notices, and tells what was
// changed, what was expected, and what came.
//
//	go run ./docs/break                       lists the faults
//	go run ./docs/break 02-select no-eintr    shows one
//
// The faults are mutants, which the tests here hold the scenarios against; see the
// files in 0N-*/testdata/mutants.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"example.com/echo/01-blocking/echotest/mutants"
	"example.com/echo/01-blocking/echotest/scratch"
	"example.com/echo/docs/lessons"
	"example.com/echo/docs/repo"
)

func main() {
	status := run(os.Args[1:], os.Stdout, os.Stderr)
	scratch.RemoveAll()
	os.Exit(status)
}

// run returns the exit status: 0 if a fault did what is known of it, 1 if it
// did not, 2 for arguments that make no sense.
func run(args []string, out, complaints io.Writer) int {
	// A set of its own, without the flags of tests.
	flags := flag.NewFlagSet("break", flag.ContinueOnError)
	flags.SetOutput(complaints)
	flags.Usage = func() {
		fmt.Fprintln(complaints, "usage: go run ./docs/break [LESSON [FAULT]]")
	}
	switch err := flags.Parse(args); {
	case err == flag.ErrHelp:
		return 0
	case err != nil:
		return 2
	case flags.NArg() > 2:
		flags.Usage()
		return 2
	}
	found, err := find(flags.Args())
	if err != nil {
		fmt.Fprintln(complaints, "break:", err)
		return 2
	}
	if flags.NArg() < 2 {
		list(out, found)
		return 0
	}
	if err := show(out, found[0]); err != nil {
		fmt.Fprintln(complaints, "break:", err)
		return 1
	}
	return 0
}

// find returns the mutants that the words name: all, those of a lesson, or one.
func find(words []string) ([]*mutants.Mutant, error) {
	var found, candidates []*mutants.Mutant
	var names []string
	root, err := repo.FindRoot()
	if err != nil {
		return nil, err
	}
	for _, lesson := range lessons.All {
		all, err := mutants.Of(string(root), lesson)
		if err != nil {
			return nil, err
		}
		if len(words) == 0 || words[0] == lesson.Name {
			candidates = append(candidates, all...)
		}
	}
	if len(candidates) == 0 && len(words) > 0 {
		return nil, fmt.Errorf("no lesson %q; there are %s", words[0], strings.Join(repo.Lessons, ", "))
	}
	if len(words) < 2 {
		return candidates, nil
	}
	for _, m := range candidates {
		names = append(names, m.Name)
		if m.Name == words[1] {
			found = append(found, m)
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("no fault %q of %s; there are %s", words[1], words[0], strings.Join(names, ", "))
	}
	return found, nil
}

func list(out io.Writer, all []*mutants.Mutant) {
	lesson := ""
	for _, m := range all {
		if m.Lesson.Name != lesson {
			lesson = m.Lesson.Name
			fmt.Fprintf(out, "\n%s\n", lesson)
		}
		fmt.Fprintf(out, "  %-28s %s\n", m.Name, m.Wrong)
	}
	fmt.Fprintln(out, "\ngo run ./docs/break LESSON FAULT shows what one does.")
}

// show builds one mutant, plays its scenario, and tells of it.
func show(out io.Writer, m *mutants.Mutant) error {
	sc, err := m.FindScenario()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s %s: %s\n\n", m.Lesson.Name, m.Name, m.Wrong)
	fmt.Fprintf(out, "Changed in %s:\n\n%s\n", m.File, indent(m.Change))
	fmt.Fprintf(out, "Played: %s\n", sc.Name)
	if len(m.Args) > 0 {
		fmt.Fprintf(out, "  with %s\n", strings.Join(m.Args, " "))
	}
	fmt.Fprintf(out, "  %s\n\n", sc.Story)
	dir, err := scratch.Dir()
	if err != nil {
		return err
	}
	program, err := m.Build(dir)
	if err != nil {
		return err
	}
	failure, err := m.Play(program)
	if err != nil {
		return err
	}
	if failure == "" {
		return fmt.Errorf("%s %s survives: the scenario %s does not notice", m.Lesson.Name, m.Name, sc.Name)
	}
	fmt.Fprintf(out, "Failed:\n\n%s\n", indent(failure))
	fmt.Fprintf(out, "Explained in %s\n", m.Explained)
	return nil
}

func indent(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n  ") + "\n"
}
