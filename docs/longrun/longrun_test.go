//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"example.com/echo/docs/repo"
	"example.com/echo/docs/splice"
)

// TestPage holds the page to having a place for every run's figures, and to the
// bound of memory.
func TestPage(t *testing.T) {
	root, err := repo.FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(root.Path("docs/long-runs.md"))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	figures := &report{}
	_, err = splice.Page(string(page), tool, func(part splice.Part) (string, error) {
		found = append(found, part.Source)
		return figures.part(part)
	})
	if want := append([]string{"machine"}, loadNames()...); err != nil || !slices.Equal(found, want) {
		t.Errorf("expected the parts %q, found %q, %v", want, found, err)
	}
	if bound := fmt.Sprintf("less than %d MiB a process", memoryBound>>10); !strings.Contains(string(page), bound) {
		t.Errorf("expected %q in the page", bound)
	}
}

// TestLittleOfEverything runs a thousandth of every run, so that the program
// works when somebody needs it. All of them at the same time: they mostly wait
// to see that nothing happens.
func TestLittleOfEverything(t *testing.T) {
	root, err := repo.FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	programs, err := build(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(programs)
	trials := plan("", "")
	together(t.Context(), len(trials), func(_ context.Context, i int) error {
		trial := trials[i]
		if err := trial.run(t.Context(), programs, 0.001); err != nil {
			t.Errorf("%s %s: %v", trial.lesson, trial.load.name, err)
		}
		return nil
	})
	t.Logf("\n%s", table(trials))
}
