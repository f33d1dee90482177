//go:build linux

package main

import (
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"

	"example.com/echo/docs/repo"
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

// figures returns a table of the trials that were run, for a terminal.
func figures(trials []*trial) string {
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, strings.Join(heading, "\t"))
	for _, t := range trials {
		if t.after.processes > 0 {
			fmt.Fprintln(table, strings.Join(t.cells(), "\t"))
		}
	}
	table.Flush()
	return text.String()
}

// document returns the page docs/long-runs.md.
func document(trials []*trial, scale float64, machine repo.Machine) string {
	var b strings.Builder
	b.WriteString(`# Long runs

What a server has and uses after a long time of trouble is what it had and used before. The figures below are of

    go run ./docs/longrun -o docs/long-runs.md

which writes this page. With ` + "`-lesson 04-epoll`, `-run bytes` or `-scale 0.01`" + ` it runs less, and a thousandth of everything is
[a test](longrun/longrun_test.go), so that the program works when somebody needs it.

Each run is played three times: a two hundredth of it with the log on, which must then be whole, with every
connection's coming and going in it; a hundredth to warm a quiet server up; and then all of it. Between the figures
before and after an arrow lies the third. A run passes if

- every client got what it was owed, byte for byte, and the server ended with status 0;
- exactly as many descriptors are open as before, in all the server's processes;
- memory (VmRSS of all its processes) has grown by less than ` + strconv.Itoa(memoryBound>>10) + ` MiB a process. Go lets 4 MiB of garbage pile up
  before it first collects any; where warming up made less than that, memory still grows to there, and stays;
- idle, the server uses no processor time: not one tick of 10 ms.

If any of these is not so, the program says it, ends with status 1 and writes nothing.

`)
	fmt.Fprintf(&b, "Measured on %v. Servers and clients shared them with "+
		"other work, so the seconds are a rough idea, no measure of speed. The other figures do not depend on that.\n", machine)
	if scale != 1 {
		fmt.Fprintf(&b, "\nThis was only so much of each run: %v.\n", scale)
	}
	for _, l := range loads {
		rows := ""
		for _, t := range trials {
			if t.load == l {
				c := t.cells()
				rows += "| " + strings.Join(append(c[:1], c[2:]...), " | ") + " |\n"
			}
		}
		if rows == "" {
			continue
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n", l.name, l.story)
		fmt.Fprintf(&b, "| %s | %s |\n|%s\n%s", heading[0], strings.Join(heading[2:], " | "), strings.Repeat("---|", len(heading)-1), rows)
	}
	return b.String()
}

// thousands prints n as people read it: 1,000,000.
func thousands(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
