package recording

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Line is a line of a transcript.
type Line struct {
	Row  string // who makes the call
	Call *Call  // nil if the line is about something else
	Text string
}

// Lines returns the transcript of a step: a line for each call, much as strace
// prints it. A wait that outlasts the step has a line here, and another one in
// the step in which it returns. The last line says who is left waiting.
func (r *Recording) Lines(step int) []Line {
	first, end := r.Steps[step].At, r.Moments()
	if step+1 < len(r.Steps) {
		end = r.Steps[step+1].At
	}
	isIn := func(moment int) bool { return moment > first && moment < end }
	lines := map[int]Line{} // by moment
	for i := range r.Calls {
		c := &r.Calls[i]
		if isIn(c.Returned) {
			lines[c.Returned] = Line{c.Row, c, r.text(c, true) + " = " + r.result(c)}
		} else if isIn(c.Entered) {
			lines[c.Entered] = Line{c.Row, c, r.text(c, false) + " waits"}
		}
	}
	for _, p := range r.Processes {
		if isIn(p.Ended) {
			lines[p.Ended] = Line{p.Name, nil, "ends, status " + p.Status}
		}
	}
	var ordered []Line
	for moment := first; moment < end; moment++ {
		if line, ok := lines[moment]; ok {
			ordered = append(ordered, line)
		}
	}
	if waiting := r.State(end - 1).waiting(); waiting != "" {
		ordered = append(ordered, Line{Text: waiting})
	}
	return ordered
}

// waiting says which clients wait for something.
func (s *State) waiting() string {
	var all []string
	for _, c := range s.Clients {
		switch {
		case c.Is == "queued" && c.Unread > 0:
			all = append(all, fmt.Sprintf("%s is in the accept queue, %d bytes unread", c.Name, c.Unread))
		case c.Is == "queued":
			all = append(all, c.Name+" is in the accept queue")
		case c.Unread > 0:
			all = append(all, fmt.Sprintf("of %s, %d bytes are unread", c.Name, c.Unread))
		case c.Owed > 0:
			all = append(all, fmt.Sprintf("%s is owed %d bytes", c.Name, c.Owed))
		}
	}
	if all == nil {
		return ""
	}
	return "(" + strings.Join(all, "; ") + ")"
}

// text returns a call and its arguments: before it returns, without what it has
// read.
func (r *Recording) text(c *Call, isReturned bool) string {
	var args []string
	if c.FD >= 0 {
		args = append(args, named(c.FD, c.What))
	}
	switch c.Name {
	case "select":
		row := RowState{Watch: c.Watch}
		args = append(args, strconv.Itoa(c.Size), fmt.Sprintf("readers %v", row.Readers()), fmt.Sprintf("writers %v", row.Writers()))
	case "poll":
		args = append(args, fmt.Sprintf("[%s]", r.list(c, c.Watch, false)), strconv.Itoa(c.Size))
	case "epoll_ctl":
		args = append(args, c.Args, r.list(c, c.Watch, true))
	case "read", "write":
		if isReturned && c.Error == "" || c.Name == "write" {
			args = append(args, quoted(c))
		}
		args = append(args, strconv.Itoa(c.Size))
	default:
		if c.Args != "" {
			args = append(args, c.Args)
		}
	}
	if c.Timeout > 0 {
		args = append(args, fmt.Sprintf("%d ms", c.Timeout))
	}
	return fmt.Sprintf("%s(%s)", c.Name, strings.Join(args, ", "))
}

// result returns what a call returned.
func (r *Recording) result(c *Call) string {
	var opened []string
	for _, d := range c.Opened {
		opened = append(opened, named(d.FD, d.What))
	}
	switch {
	case c.Error != "":
		return "-1 " + c.Error
	case len(c.Opened) == 1 && c.Opened[0].FD == c.Result:
		return opened[0]
	case len(c.Opened) > 0:
		return fmt.Sprintf("%d: %s", c.Result, strings.Join(opened, ", "))
	case c.Timeout != 0 && c.Result == 0:
		return "0 (timeout)"
	case c.Ready != nil:
		return fmt.Sprintf("%d: %s", c.Result, r.list(c, c.Ready, true))
	}
	return strconv.Itoa(c.Result)
}

// list returns descriptors and their events.
func (r *Recording) list(c *Call, watch []Watch, withNames bool) string {
	var p *ProcessState
	if withNames {
		p = r.State(c.Entered).Process(c.Process())
	}
	var all []string
	for _, w := range watch {
		if w.FD < 0 || c.Ready != nil && withNames && w.Events == "" {
			continue // an empty place of poll's, or one that is not ready
		}
		text := strconv.Itoa(w.FD)
		if withNames {
			text = named(w.FD, p.What(w.FD))
		}
		all = append(all, strings.TrimSpace(text+" "+w.Events))
	}
	return strings.Join(all, ", ")
}

// named returns a descriptor and what it stands for, as strace -y does.
func named(fd int, what string) string { return fmt.Sprintf("%d<%s>", fd, what) }

// shown is how many bytes of what is read and written a transcript shows.
const shown = 20

// quoted returns the beginning of what was read or written.
func quoted(c *Call) string {
	whole := max(c.Result, 0)
	if c.Name == "write" {
		whole = c.Size
	}
	text := strconv.Quote(c.Data[:min(len(c.Data), shown)])
	if whole > shown {
		text += "..."
	}
	return text
}

// The columns of a transcript: as many as a page on GitHub shows. Of two lessons
// beside each other the left one takes fewer: the right one is usually epoll's,
// whose calls are longer.
const (
	widest = 115
	left   = 53
)

// Transcript returns what a lesson did in the steps of a script from first to
// last, as text: the steps as headings, and below each the calls. The server's
// start is step 0. Two lessons that played the same script stand beside each
// other.
func Transcript(first, last int, lessons ...*Recording) string {
	var text strings.Builder
	widths := []int{widest}
	if len(lessons) == 2 {
		widths = []int{left, widest - left - 2}
		fmt.Fprintf(&text, "%-*s  %s\n\n", left, lessons[0].Lesson, lessons[1].Lesson)
	}
	for step := first; step <= last; step++ {
		if step > first {
			fmt.Fprintln(&text)
		}
		fmt.Fprintln(&text, lessons[0].Steps[step].Text)
		var columns [][]string
		rows := 0
		for i, r := range lessons {
			columns = append(columns, wrapped(r.Lines(step), widths[i]))
			rows = max(rows, len(columns[i]))
		}
		for row := range rows {
			line := ""
			for i, column := range columns {
				cell := ""
				if row < len(column) {
					cell = column[row]
				}
				line += fmt.Sprintf("%-*s  ", widths[i], cell)
			}
			fmt.Fprintln(&text, strings.TrimRight(line, " "))
		}
	}
	return text.String()
}

// String returns the line with who makes the call before it, unless that is the
// only process's loop.
func (l Line) String() string {
	if l.Row == "" || l.Row == "server" {
		return l.Text
	}
	return fmt.Sprintf("[%s] %s", strings.TrimPrefix(l.Row, "server: "), l.Text)
}

// wrapped returns indented lines, broken at blanks to a width: before what a call
// returns, if that is possible.
func wrapped(lines []Line, width int) (all []string) {
	for _, line := range lines {
		rest := "  " + line.String()
		for utf8.RuneCountInString(rest) > width {
			at := strings.LastIndex(rest[:min(width+3, len(rest))], " = ")
			if at < 0 {
				at = strings.LastIndex(rest[:width+1], " ")
			}
			if at < 7 {
				at = width
			}
			all = append(all, rest[:at])
			rest = "      " + strings.TrimSpace(rest[at:])
		}
		all = append(all, rest)
	}
	return all
}
