package docs

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"unicode/utf8"
)

// What keeps a loop on one screen, and two of them side by side on a wide one.
const (
	maxLoopLines   = 99
	maxFirstLines  = 79 // of lesson 1's
	maxLoopColumns = 80
	maxLoopChange  = 60 // lines put in and taken out, from one loop to the next
	tabWidth       = 4
)

// TestLoopsAreShort holds the loops to a size that a reader sees at once.
func TestLoopsAreShort(t *testing.T) {
	tr := repository(t)
	for i, loop := range loops {
		most := maxLoopLines
		if i == 0 {
			most = maxFirstLines
		}
		lines := strings.Split(strings.TrimSuffix(string(tr.read(t, loop)), "\n"), "\n")
		if len(lines) > most {
			t.Errorf("%s has %d lines, but it may have %d", loop, len(lines), most)
		}
		for i, line := range lines {
			columns := utf8.RuneCountInString(line) + strings.Count(line, "\t")*(tabWidth-1)
			if columns > maxLoopColumns {
				t.Errorf("%s:%d: %d columns, but a loop's line may have %d", loop, i+1, columns, maxLoopColumns)
			}
		}
	}
}

// TestLoopsDifferInWaiting holds each loop to the one before it, by the command
// that the reader is told to compare them with. The first loop is another kind:
// it waits for one client, and keeps no sets.
func TestLoopsDifferInWaiting(t *testing.T) {
	tr := repository(t)
	for i := 2; i < len(loops); i++ {
		put, taken := tr.diff(t, loops[i-1], loops[i])
		if changed := put + taken; changed > maxLoopChange || changed == 0 {
			t.Errorf("from %s to %s %d lines change, but 1 to %d may", loops[i-1], loops[i], changed, maxLoopChange)
		}
	}
}

// diff returns how many lines git puts in and takes out to make file a file b.
func (tr *tree) diff(t *testing.T, a, b string) (put, taken int) {
	t.Helper()
	git := exec.Command("git", "diff", "--no-index", "--no-ext-diff", "--diff-algorithm=default", "--numstat", "--", a, b)
	git.Dir = string(tr.root)
	out, err := git.Output()
	exit := new(exec.ExitError)
	if errors.As(err, &exit) && exit.ExitCode() == 1 { // they differ
		err = nil
	}
	if err != nil {
		t.Fatalf("%s: %v\n%s", git, err, exit.Stderr)
	}
	if len(out) == 0 {
		return 0, 0
	}
	if _, err := fmt.Fscan(bytes.NewReader(out), &put, &taken); err != nil {
		t.Fatalf("%s printed %q, which does not begin with two numbers: %v", git, out, err)
	}
	return put, taken
}
