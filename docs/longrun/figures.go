//go:build linux

package main

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"example.com/echo/docs/repo"
	"example.com/echo/docs/splice"
)

var heading = []string{"lesson", "run", "what was done", "seconds", "descriptors", "memory (MiB)", "idle ticks"}

// cells returns the figures of a trial that was run; of the last two states
// each shows before and after.
func (t *trial) cells() []string {
	return []string{
		t.lesson, t.load.name, t.did, fmt.Sprintf("%.1f", t.seconds),
		fmt.Sprintf("%d → %d", t.before.descriptors, t.after.descriptors),
		fmt.Sprintf("%.1f → %.1f", float64(t.before.memory)/1024, float64(t.after.memory)/1024),
		fmt.Sprintf("%d in %v", t.idleTicks, t.idle),
	}
}

func (t *trial) summary() string { return strings.Join(t.cells()[2:], " | ") }

// table returns a table of the trials that were run, for a terminal.
func table(trials []*trial) string {
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, strings.Join(heading, "\t"))
	for _, t := range trials {
		if t.after.processes > 0 {
			fmt.Fprintln(w, strings.Join(t.cells(), "\t"))
		}
	}
	w.Flush()
	return text.String()
}

// A report is what a page says of trials.
type report struct {
	trials  []*trial
	scale   float64
	machine repo.Machine
}

// part returns a part of docs/long-runs.md: the machine, or a run's table.
func (r *report) part(part splice.Part) (string, error) {
	name := part.Source
	if name == "machine" {
		text := fmt.Sprintf("Measured on %v.\n", r.machine)
		if r.scale != 1 {
			text += fmt.Sprintf("This was only so much of each run: %v.\n", r.scale)
		}
		return text, nil
	}
	if !slices.Contains(loadNames(), name) {
		return "", fmt.Errorf("there is no run %q; there are %s", name, strings.Join(loadNames(), ", "))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "| %s | %s |\n|%s\n", heading[0], strings.Join(heading[2:], " | "), strings.Repeat("---|", len(heading)-1))
	for _, t := range r.trials {
		if t.load.name == name {
			cells := t.cells()
			fmt.Fprintf(&b, "| %s | %s |\n", cells[0], strings.Join(cells[2:], " | "))
		}
	}
	return b.String(), nil
}
