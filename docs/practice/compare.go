package main

import (
	"fmt"
	"os"
	"strings"
	"unicode/utf8"

	"example.com/echo/docs/practice/exercise"
	"golang.org/x/term"
)

// compare shows the reader's files beside those of the answer: in two columns where
// the terminal is wide enough for that.
func (s *session) compare(e *exercise.Exercise) error {
	const narrow, usual = 120, 160
	width := usual
	if columns, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil {
		width = columns
	}
	c, err := s.space.Copy(e)
	if err != nil {
		return err
	}
	for _, name := range e.Files() {
		yours, err := os.ReadFile(c.Path(name))
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "%s: yours, and the answer's\n\n", name)
		for _, b := range aligned(linesOf(string(yours)), linesOf(e.Answers[name])) {
			if width < narrow {
				b.printBelow(s)
			} else {
				b.printBeside(s, (width-3)/2)
			}
		}
		fmt.Fprintln(s.out)
	}
	return nil
}

// A block is lines that two files have in common, or those in which they differ.
type block struct {
	isSame      bool
	yours, ours []string
}

func (b block) printBelow(s *session) {
	if b.isSame {
		for _, line := range b.yours {
			fmt.Fprintf(s.out, "  %s\n", line)
		}
		return
	}
	for _, line := range b.yours {
		fmt.Fprintf(s.out, "- %s\n", line)
	}
	for _, line := range b.ours {
		fmt.Fprintf(s.out, "+ %s\n", line)
	}
}

func (b block) printBeside(s *session, column int) {
	mark := "|"
	if b.isSame {
		mark = " "
	}
	at := func(lines []string, i int) string {
		if i < len(lines) {
			return lines[i]
		}
		return ""
	}
	for i := range max(len(b.yours), len(b.ours)) {
		line := fitted(at(b.yours, i), column) + " " + mark + " " + fitted(at(b.ours, i), column)
		fmt.Fprintln(s.out, strings.TrimRight(line, " "))
	}
}

func linesOf(source string) []string {
	return strings.Split(strings.TrimSuffix(strings.ReplaceAll(source, "\t", "    "), "\n"), "\n")
}

// fitted returns a line with as many columns as that.
func fitted(line string, columns int) string {
	if n := utf8.RuneCountInString(line); n <= columns {
		return line + strings.Repeat(" ", columns-n)
	}
	return string([]rune(line)[:columns-1]) + "…"
}

// aligned finds the most lines that two files have in common, in order, and what
// stands between them.
func aligned(yours, ours []string) (blocks []block) {
	longest := make([][]int, len(yours)+1) // in common, from here to the ends
	for i := range longest {
		longest[i] = make([]int, len(ours)+1)
	}
	for i := len(yours) - 1; i >= 0; i-- {
		for j := len(ours) - 1; j >= 0; j-- {
			longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			if yours[i] == ours[j] {
				longest[i][j] = longest[i+1][j+1] + 1
			}
		}
	}
	last := func(isSame bool) *block {
		if n := len(blocks); n == 0 || blocks[n-1].isSame != isSame {
			blocks = append(blocks, block{isSame: isSame})
		}
		return &blocks[len(blocks)-1]
	}
	for i, j := 0, 0; i < len(yours) || j < len(ours); {
		isSame := i < len(yours) && j < len(ours) && yours[i] == ours[j]
		b := last(isSame)
		isYours := j == len(ours) || i < len(yours) && longest[i+1][j] >= longest[i][j+1]
		if isSame || isYours {
			b.yours = append(b.yours, yours[i])
			i++
		}
		if isSame || !isYours {
			b.ours = append(b.ours, ours[j])
			j++
		}
	}
	return blocks
}
