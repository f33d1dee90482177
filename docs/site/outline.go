package main

import (
	"fmt"
	"slices"
	"strings"

	"example.com/echo/docs/recording"
)

// An outlineRow says where two programs do the same thing, whatever their shape.
type outlineRow struct {
	Does        string
	Left, Right []link
}

// outline says where two lessons accept, wait, read, write and stop: at the lines
// that made these calls in their recordings.
func (s *site) outline(from, left, right string) []outlineRow {
	isClient := func(r *recording.Recording, c *recording.Call) bool { return slices.Contains(r.Clients, c.What) }
	var rows []outlineRow
	for _, kind := range []struct {
		does string
		is   func(*recording.Recording, *recording.Call) bool
	}{
		{"accepts", func(r *recording.Recording, c *recording.Call) bool { return c.Name == "accept4" }},
		{"waits", func(r *recording.Recording, c *recording.Call) bool {
			_, isLoop := recording.ProcessOf(c.Row)
			return isLoop && c.Waits(r.Lesson)
		}},
		{"reads", func(r *recording.Recording, c *recording.Call) bool { return c.Name == "read" && isClient(r, c) }},
		{"writes", func(r *recording.Recording, c *recording.Call) bool { return c.Name == "write" && isClient(r, c) }},
		{"stops", func(r *recording.Recording, c *recording.Call) bool {
			return c.What == "stop, writing" || c.Name == "shutdown" || c.Name == "close" && c.What == "server"
		}},
	} {
		rows = append(rows, outlineRow{kind.does, s.places(from, left, kind.is), s.places(from, right, kind.is)})
	}
	return rows
}

// places returns links to the lines that make calls of a kind: for each the
// innermost one in a file for all systems, and the line of the lesson's main file
// that led to it.
func (s *site) places(from, lesson string, is func(*recording.Recording, *recording.Call) bool) (links []link) {
	add := func(file string, line int, text string) {
		anchor := fmt.Sprintf("L%d", line)
		l := link{URL: relative(from, s.quote(file, anchor)) + "#" + anchor, Text: fmt.Sprintf("%s:%d  %s", file, line, text)}
		if !slices.Contains(links, l) {
			links = append(links, l)
		}
	}
	for _, sc := range s.scripts {
		for _, player := range sc.Players {
			r := player.Recording
			if r.Lesson != lesson {
				continue
			}
			for i := range r.Calls {
				if c := &r.Calls[i]; is(r, c) {
					for _, f := range landmarks(mainFiles[lesson], r.Stack(c)) {
						add(f.File, f.Line, f.Text)
					}
				}
			}
		}
	}
	return links
}

// landmarks returns the frames of a stack that an outline names.
func landmarks(mainFile string, stack []recording.Frame) (frames []recording.Frame) {
	inner := slices.IndexFunc(stack, func(f recording.Frame) bool { return !strings.HasSuffix(f.File, "_linux.go") })
	outer := slices.IndexFunc(stack, func(f recording.Frame) bool { return f.File == mainFile })
	if inner >= 0 {
		frames = append(frames, stack[inner])
	}
	if outer >= 0 && outer != inner {
		frames = append(frames, stack[outer])
	}
	return frames
}

// lineIn returns the innermost line of a file in a stack, or 0.
func lineIn(file string, stack []recording.Frame) int {
	for _, f := range stack {
		if f.File == file {
			return f.Line
		}
	}
	return 0
}
