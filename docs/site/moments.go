package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"html/template"
	"strings"

	"example.com/echo/docs/highlight"
	"example.com/echo/docs/recording"
	"example.com/echo/docs/site/replay"
)

// Moments are a replay as its page's script reads it. Lines of HTML that occur
// again are kept once: a part of the page is a list of their indices. Of a frame
// there are the sentence, the calls so far, the descriptors looked at, the parts
// with the structures and the clients, the call that something happens to (its
// index in the page's table), and the stack.
type moments struct {
	Lines    []string   `json:"lines"`
	Parts    [][]int    `json:"parts"`
	Says     []string   `json:"says"`
	Frames   [][7]int   `json:"frames"`
	Starts   []int      `json:"starts"` // of the steps: indices of frames, and the number of frames
	Rests    []string   `json:"rests"`
	Stacks   [][]int    `json:"stacks"` // indices of places
	Places   []location `json:"places"`
	Excerpts []excerpt  `json:"excerpts"`

	site     *site
	says     map[string]int
	lines    map[string]int
	parts    map[string]int
	stacks   map[string]int
	excerpts map[string]int
}

// A location is a line of the source.
type location struct {
	Function string `json:"function"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	Excerpt  int    `json:"excerpt"`
}

// An excerpt is a function, or another declaration.
type excerpt struct {
	First int `json:"first"`
	Part  int `json:"part"`
}

// newMoments returns what a page shows of a replay.
func (s *site) newMoments(p *replay.Replay) (*moments, error) {
	m := &moments{site: s, says: map[string]int{}, lines: map[string]int{}, parts: map[string]int{}, stacks: map[string]int{}, excerpts: map[string]int{}, Rests: p.Rests}
	for _, f := range p.Recording.Frames {
		if err := m.addPlace(f); err != nil {
			return nil, err
		}
	}
	step := -1
	for i, f := range p.Frames {
		for ; step < f.Step; step++ {
			m.Starts = append(m.Starts, i)
		}
		structures, err := m.grids(f.Structures...)
		if err != nil {
			return nil, err
		}
		clients, err := m.grids(f.Clients)
		if err != nil {
			return nil, err
		}
		say := index(m.says, &m.Says, f.Say, f.Say)
		m.Frames = append(m.Frames, [7]int{say, f.Calls, f.Looked, structures, clients, f.Line, m.stack(f.Call)})
	}
	m.Starts = append(m.Starts, len(p.Frames))
	return m, nil
}

// grids returns the part that shows them.
func (m *moments) grids(grids ...replay.Grid) (int, error) {
	made, err := execute("grids.html", grids)
	return m.part(strings.Split(string(made), "\n")), err
}

// part returns the index of the part with these lines.
func (m *moments) part(lines []string) int {
	var part []int
	for _, line := range lines {
		if _, known := m.lines[line]; !known {
			m.lines[line] = len(m.Lines)
			m.Lines = append(m.Lines, line)
		}
		part = append(part, m.lines[line])
	}
	return index(m.parts, &m.Parts, fmt.Sprint(part), part)
}

// index returns the index of what has a key in a list, and adds it if need be.
func index[T any](known map[string]int, list *[]T, key string, value T) int {
	if _, ok := known[key]; !ok {
		known[key] = len(*list)
		*list = append(*list, value)
	}
	return known[key]
}

func (m *moments) stack(c *recording.Call) int {
	if c == nil || len(c.Stack) == 0 {
		return -1
	}
	return index(m.stacks, &m.Stacks, fmt.Sprint(c.Stack), c.Stack)
}

// addPlace adds a line of the source, with what it is a part of.
func (m *moments) addPlace(f recording.Frame) error {
	source, err := m.site.source(f.File)
	if err != nil {
		return err
	}
	m.site.quote(f.File, "")
	first, lines := source.around(f.Line)
	e := index(m.excerpts, &m.Excerpts, fmt.Sprint(f.File, first), excerpt{First: first, Part: m.part(lines)})
	m.Places = append(m.Places, location{Function: f.Function, File: f.File, Line: f.Line, Excerpt: e})
	return nil
}

// script returns the data as a script: a page that is opened from a file may
// load scripts, and nothing else.
func (m *moments) script(id string) ([]byte, error) {
	var data bytes.Buffer
	fmt.Fprintf(&data, "replay(%q,", id)
	encoder := json.NewEncoder(&data)
	encoder.SetEscapeHTML(false) // it stands in a file of its own
	err := encoder.Encode(m)
	data.WriteString(");\n")
	return data.Bytes(), err
}

// A goSource is a Go file, with its lines as HTML.
type goSource struct {
	lines []template.HTML
	decls [][2]int // the first and the last line of each declaration, from 1
}

func (s *site) source(name string) (*goSource, error) {
	if known := s.sources[name]; known != nil {
		return known, nil
	}
	text, err := s.root.FS().ReadFile(name)
	if err != nil {
		return nil, err
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	source := &goSource{lines: highlight.Lines("go", string(text))}
	for _, decl := range file.Decls {
		if decl, ok := decl.(*ast.FuncDecl); ok {
			source.decls = append(source.decls, [2]int{fset.Position(decl.Pos()).Line, fset.Position(decl.End()).Line})
		}
	}
	s.sources[name] = source
	return source, nil
}

// around returns the lines of the declaration that a line is in, and the number
// of the first. A file that has changed since the recording may not have it.
func (g *goSource) around(line int) (first int, lines []string) {
	for _, d := range g.decls {
		if d[0] <= line && line <= d[1] {
			for _, l := range g.lines[d[0]-1 : d[1]] {
				lines = append(lines, string(l))
			}
			return d[0], lines
		}
	}
	return line, nil
}
