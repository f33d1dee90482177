package docs

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// What keeps a loop on one screen, and two of them side by side on a wide one.
const (
	maxLoopLines   = 180
	maxLoopColumns = 100
	maxLoopChange  = 60 // lines put in and taken out, from one loop to the next
	tabWidth       = 4
)

// loopFiles returns the base names of a loop's files, its tests aside.
func (tr *tree) loopFiles(loop string) []string {
	var names []string
	for _, s := range tr.sources {
		if path.Dir(s.path) == loop && !s.isTest() {
			names = append(names, path.Base(s.path))
		}
	}
	return names
}

// TestLoopsAreShort holds the loops to a size that a reader sees at once.
func TestLoopsAreShort(t *testing.T) {
	tr := repository(t)
	for _, loop := range loops {
		files := tr.loopFiles(loop)
		if len(files) == 0 {
			t.Errorf("%s has no Go file", loop)
		}
		for _, file := range files {
			name := path.Join(loop, file)
			text := strings.TrimSuffix(string(tr.read(t, name)), "\n")
			lines := strings.Split(text, "\n")
			if len(lines) > maxLoopLines {
				t.Errorf("%s has %d lines, but a loop's file may have %d", name, len(lines), maxLoopLines)
			}
			for i, line := range lines {
				columns := utf8.RuneCountInString(line) + strings.Count(line, "\t")*(tabWidth-1)
				if columns > maxLoopColumns {
					t.Errorf("%s:%d: %d columns, but a loop's line may have %d", name, i+1, columns, maxLoopColumns)
				}
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
		before, after := loops[i-1], loops[i]
		files := append(tr.loopFiles(before), tr.loopFiles(after)...)
		slices.Sort(files)
		changed := 0
		var report strings.Builder
		for _, file := range slices.Compact(files) {
			put, taken := tr.diff(t, path.Join(before, file), path.Join(after, file))
			changed += put + taken
			fmt.Fprintf(&report, "\n  %s: %d lines put in, %d taken out", file, put, taken)
		}
		if changed > maxLoopChange || changed == 0 {
			t.Errorf("from %s to %s %d lines change, but 1 to %d may:%s", before, after, changed, maxLoopChange, &report)
		}
	}
}

// diff returns how many lines git puts in and takes out to make file a file b.
// A file that is not there counts as empty.
func (tr *tree) diff(t *testing.T, a, b string) (put, taken int) {
	t.Helper()
	args := []string{"diff", "--no-index", "--no-ext-diff", "--diff-algorithm=default", "--numstat", "--"}
	for _, name := range []string{a, b} {
		if slices.Contains(tr.files, name) {
			args = append(args, filepath.FromSlash(name))
		} else {
			args = append(args, os.DevNull)
		}
	}
	git := exec.Command("git", args...)
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
