// Package splice puts generated parts into Markdown pages that are written by
// hand. Above each part stands a comment that says which tool makes it, and of
// what. A part is one of three:
//
// A code block, which ends where its fence ends. Whoever writes the page writes
// the comment only; the tool adds the block.
//
//	<!-- weave: go 02-select/selectloop/loop.go loop.turn -->
//	```go
//	func (l *loop) turn() error {
//	```
//
// Other Markdown, as a table, which ends with a comment of its own:
//
//	<!-- weave: matrix short form -->
//	| scenario | 1 blocking | 2 select |
//	<!-- end -->
//
// A few words inside of a line. It must not be the line's beginning: Markdown
// would take all of the line for HTML. And no two dashes may stand in the comment:
// GitHub would show it.
//
//	They are <!-- weave: count */testdata/mutants/*.mutant -->64<!-- end --> faults.
//
// Several tools can have their parts in one page. Each leaves those of the
// others as they are.
package splice

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

const end = "<!-- end -->"

// A Part is a place in a page.
type Part struct {
	Line   int    // of its comment, in the page
	Source string // what the comment says it is made of
	Inline bool   // it stands inside of a line
	Text   string // what stands there now; a code block with its fences
}

// Page returns the page with the parts of a tool, as "weave", made anew: each is
// what make returns for it. An error says in which line of the page.
func Page(page, tool string, make func(Part) (string, error)) (string, error) {
	s := &splicer{begin: "<!-- " + tool + ": ", make: make, rest: strings.SplitAfter(page, "\n")}
	for len(s.rest) > 0 {
		at := s.line + 1
		if err := s.next(); err != nil {
			return "", fmt.Errorf("line %d: %w", at, err)
		}
	}
	return s.done.String(), nil
}

// File makes the parts of a tool anew in a file. The file is written only if all
// of them could be made.
func File(name, tool string, make func(Part) (string, error)) error {
	page, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	made, err := Page(string(page), tool, make)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return os.WriteFile(name, []byte(made), 0o666)
}

// A splicer is on its way through a page.
type splicer struct {
	begin string
	make  func(Part) (string, error)
	done  strings.Builder
	rest  []string // the lines ahead, with their newlines
	line  int      // how many lie behind
}

// next takes a line, or a whole part.
func (s *splicer) next() error {
	line := s.take(1)
	switch {
	case strings.HasPrefix(line, s.begin):
		source, after, closed := strings.Cut(strings.TrimSpace(line[len(s.begin):]), " -->")
		if !closed || after != "" {
			return errors.New("the comment must be all of the line; put a word before a part inside of a line")
		}
		s.done.WriteString(line)
		return s.block(source)
	case strings.HasPrefix(line, "```"):
		s.done.WriteString(line + s.take(s.toFence(fence(line)))) // code of another's, or of nobody's
		return nil
	}
	return s.inline(line)
}

// block makes a part that begins with the next line.
func (s *splicer) block(source string) error {
	part := Part{Line: s.line, Source: source}
	ends := false // with a comment
	if length := s.toComment(); len(s.rest) > 0 && strings.HasPrefix(s.rest[0], "```") {
		opening := s.take(1)
		part.Text = opening + s.take(s.toFence(fence(opening)))
	} else if length >= 0 {
		part.Text, ends = s.take(length), true
	}
	made, err := s.make(part)
	if err != nil {
		return err
	}
	if !ends && made != "" && !strings.HasPrefix(made, "```") {
		return fmt.Errorf("the part needs a line %s after it", end)
	}
	if made != "" {
		made = strings.TrimSuffix(made, "\n") + "\n"
	}
	s.done.WriteString(made)
	return nil
}

// inline makes the parts inside of a line.
func (s *splicer) inline(line string) error {
	for {
		before, rest, found := strings.Cut(line, s.begin)
		s.done.WriteString(before)
		if !found {
			return nil
		}
		source, rest, isClosed := strings.Cut(rest, " -->")
		text, after, hasEnd := strings.Cut(rest, end)
		if !isClosed || !hasEnd {
			return fmt.Errorf("a part inside of a line needs %s in the same line", end)
		}
		if strings.Contains(source, "--") {
			return errors.New("a comment inside of a line must not contain two dashes")
		}
		made, err := s.make(Part{Line: s.line, Source: source, Inline: true, Text: text})
		if err != nil {
			return err
		}
		s.done.WriteString(s.begin + source + " -->" + made + end)
		line = after
	}
}

// take returns the next n lines.
func (s *splicer) take(n int) string {
	lines := strings.Join(s.rest[:n], "")
	s.rest, s.line = s.rest[n:], s.line+n
	return lines
}

// toComment returns how many lines there are before the one that ends a part, or
// -1 if another comment comes first.
func (s *splicer) toComment() int {
	for i, line := range s.rest {
		if strings.TrimSpace(line) == end {
			return i
		}
		if strings.HasPrefix(line, "<!-- ") {
			break
		}
	}
	return -1
}

// fence returns the fence of a code block's first line.
func fence(line string) string { return line[:len(line)-len(strings.TrimLeft(line, "`"))] }

// toFence returns how many lines there are with the one that ends a code block;
// without one, the block ends with the page.
func (s *splicer) toFence(fence string) int {
	for i, line := range s.rest {
		if strings.TrimSpace(line) == fence {
			return i + 1
		}
	}
	return len(s.rest)
}
