package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"example.com/echo/docs/practice/exercise"
	"golang.org/x/term"
)

// compare shows the reader's files beside those of the answer: in two columns,
// where the terminal is wide enough for that.
func (s *session) compare(e *exercise.Exercise) error {
	const narrow, usual = 120, 160
	width := usual
	if columns, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil {
		width = columns
	}
	form := []string{"-y", "-W", fmt.Sprint(width)}
	if width < narrow {
		form = []string{"-U", "1000"}
	}
	c, err := s.space.Copy(e)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "practice")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	for _, name := range e.Files() {
		answer := filepath.Join(dir, filepath.Base(name))
		if err := os.WriteFile(answer, []byte(e.Answers[name]), 0o666); err != nil {
			return err
		}
		fmt.Fprintf(s.out, "%s: yours, and the answer's\n\n", name)
		diff := exec.Command("diff", append(form, "-t", "--tabsize=4", "--label", "yours", "--label", "the answer's", c.Path(name), answer)...)
		diff.Stdout = s.out
		err := diff.Run()
		if differ := (*exec.ExitError)(nil); err != nil && !errors.As(err, &differ) {
			return fmt.Errorf("diff: %w", err)
		}
		fmt.Fprintln(s.out)
	}
	return nil
}
