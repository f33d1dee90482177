package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"example.com/echo/docs/practice/text"
	"golang.org/x/term"
)

// A screen is all of the terminal.
type screen struct {
	out      *os.File
	isPlain  bool // without colours
	offset   int  // how many lines are above
	atBottom bool
}

func newScreen(out *os.File) *screen {
	return &screen{out: out, isPlain: os.Getenv("NO_COLOR") != ""}
}

// Control sequences of terminals. Source: console_codes(4).
const (
	otherScreen = "\x1b[?1049h\x1b[?25l" // without cursor; what was there before stays
	firstScreen = "\x1b[?25h\x1b[?1049l"
	home        = "\x1b[H"
	restOfLine  = "\x1b[K"
	restOfAll   = "\x1b[J"
	usual       = "\x1b[0m"
)

// A style is how a line looks in colours.
type style string

const (
	bold   style = "\x1b[1m"
	red    style = "\x1b[31m"
	green  style = "\x1b[32m"
	faint  style = "\x1b[2m"
	turned style = "\x1b[7m"
)

func (s *screen) begin() { fmt.Fprint(s.out, otherScreen) }

func (s *screen) end() { fmt.Fprint(s.out, firstScreen) }

func (s *screen) top()    { s.offset, s.atBottom = 0, false }
func (s *screen) bottom() { s.atBottom = true }

func (s *screen) scroll(by int) { s.offset, s.atBottom = max(s.offset+by, 0), false }

// room returns how many rows are seen at once, without the footer of two.
func (s *screen) room() int {
	const footer = 2
	_, height, err := term.GetSize(int(s.out.Fd()))
	if err != nil || height <= footer {
		height = 24
	}
	return height - footer
}

// A row is a line with its style; "" for none.
type row struct {
	text  string
	style style
}

// draw shows as many of the rows as there is room for, and below them the footer.
// The row that is chosen is among them; -1 if there is none.
func (s *screen) draw(rows []row, chosen int, status, keys row) error {
	room := s.room()
	most := max(len(rows)-room, 0)
	if s.atBottom {
		s.offset = most
	}
	if chosen >= 0 {
		s.offset = max(min(s.offset, chosen), chosen-room+1)
	}
	s.offset = min(s.offset, most)
	if below := len(rows) - s.offset - room; below > 0 && status.text == "" {
		status = row{fmt.Sprintf("(more below, %d: press the space bar)", below), faint}
	}
	rows = rows[s.offset:min(s.offset+room, len(rows))]
	var b strings.Builder
	b.WriteString(home)
	for i, r := range slices.Concat(rows, make([]row, room-len(rows)), []row{status, keys}) {
		if i > 0 {
			b.WriteString("\r\n")
		}
		line := text.Cut(r.text)
		if r.style != "" && !s.isPlain {
			line = string(r.style) + line + usual
		}
		b.WriteString(line + restOfLine)
	}
	b.WriteString(restOfAll)
	_, err := s.out.WriteString(b.String())
	return err
}
