//go:build linux

package main

import (
	"context"
	"os"
	"testing"

	"example.com/echo/docs/repo"
)

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
	t.Logf("\n%s", figures(trials))
}
