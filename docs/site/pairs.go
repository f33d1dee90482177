package main

import (
	_ "embed"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"example.com/echo/docs/highlight"
	"example.com/echo/docs/markdown"
	"example.com/echo/docs/repo"
	"example.com/echo/docs/site/compare"
)

//go:embed templates/pairs.md
var pairsText []byte

// mainFiles are what is laid side by side: the loops, and of lesson 5 what each
// worker does.
var mainFiles = map[string]string{
	"01-blocking": "01-blocking/blocking/loop.go", "02-select": "02-select/selectloop/loop.go", "03-poll": "03-poll/pollloop/loop.go",
	"04-epoll": "04-epoll/epollloop/loop.go", "05-multiworker": "05-multiworker/worker/child.go",
}

// A pair is two lessons side by side.
type pair struct {
	Left, Right side
	About       string
	Sections    []compare.Section
	Outline     []outlineRow
	Lessons     []string

	Same, Differ, OnlyLeft, OnlyRight int // declarations

	site *site
	next int // the number of the next difference
}

// A side is one of the two.
type side struct {
	Lesson, File, URL string
	calls             map[int][]link // by line of the file
}

func pairPath(a, b string) string { return "compare/" + a + "+" + b + ".html" }

const pairIndex = "compare/index.html"

// addPairs makes the pages of all pairs of lessons.
func (s *site) addPairs() error {
	body, err := markdown.Render(pairsText)
	if err != nil {
		return err
	}
	about := explanations(body)
	for i, a := range repo.Lessons {
		for _, b := range repo.Lessons[i+1:] {
			p := &pair{site: s, Lessons: repo.Lessons, About: about[a+"-"+b]}
			if err := p.compare(a, b); err != nil {
				return err
			}
			body, err := execute("pair.html", p)
			if err != nil {
				return err
			}
			if err := s.add(&page{Path: pairPath(a, b), Title: a + " and " + b, Class: "stage pair", Body: body, Scripts: []string{"compare.js"}}); err != nil {
				return err
			}
		}
	}
	index, err := execute("pairs.html", struct{ Lessons []string }{repo.Lessons})
	if err != nil {
		return err
	}
	return s.add(&page{Path: pairIndex, Title: "Side by side", Body: index})
}

func (p *pair) compare(a, b string) error {
	p.Left, p.Right = p.side(a, b), p.side(b, a)
	left, err := p.site.root.FS().ReadFile(p.Left.File)
	if err != nil {
		return err
	}
	right, err := p.site.root.FS().ReadFile(p.Right.File)
	if err != nil {
		return err
	}
	if p.Sections, err = compare.Files(string(left), string(right)); err != nil {
		return err
	}
	for _, section := range p.Sections {
		if section.IsDeclaration() {
			switch {
			case !section.Left:
				p.OnlyRight++
			case !section.Right:
				p.OnlyLeft++
			case section.Same:
				p.Same++
			default:
				p.Differ++
			}
		}
	}
	if a == repo.Lessons[0] || b == repo.Lessons[4] {
		p.Outline = p.site.outline(pairPath(a, b), a, b)
	}
	return nil
}

// side returns one side, with links to the moments when its calls were made.
func (p *pair) side(lesson, other string) side {
	from := pairPath(min(lesson, other), max(lesson, other))
	sd := side{Lesson: lesson, File: mainFiles[lesson], calls: map[int][]link{}}
	sd.URL = relative(from, p.site.quote(sd.File, ""))
	for _, sc := range p.site.scripts {
		for _, player := range sc.Players {
			if r := player.Recording; r.Lesson == lesson {
				for i := range r.Calls {
					c := &r.Calls[i]
					line := lineIn(sd.File, r.Stack(c))
					if line == 0 || slices.ContainsFunc(sd.calls[line], func(l link) bool { return l.Text == c.Name }) {
						continue
					}
					sd.calls[line] = append(sd.calls[line], link{Text: c.Name, URL: p.site.momentURL(from, r, c.Entered, other)})
				}
			}
		}
	}
	return sd
}

// Line returns a line as HTML; a line that is not there is empty.
func (p *pair) Line(l *compare.Line) template.HTML {
	var b strings.Builder
	if l == nil {
		return ""
	}
	for i := 0; i < len(l.Pieces); i++ {
		piece := l.Pieces[i]
		if !piece.Changed {
			b.WriteString(string(highlight.Span(piece.Class, piece.Text)))
			continue
		}
		b.WriteString("<mark>")
		for ; i < len(l.Pieces) && l.Pieces[i].Changed; i++ {
			b.WriteString(string(highlight.Span(l.Pieces[i].Class, l.Pieces[i].Text)))
		}
		i--
		b.WriteString("</mark>")
	}
	return template.HTML(b.String())
}

// Calls returns the links to the replay of the calls that a line makes.
func (p *pair) Calls(sd side, l *compare.Line) []link {
	if l == nil {
		return nil
	}
	return sd.calls[l.Number]
}

// Begins returns the number of the difference that begins with a row of a
// section, or 0.
func (p *pair) Begins(section compare.Section, row int) int {
	if !section.Rows[row].IsChanged() || row > 0 && section.Rows[row-1].IsChanged() {
		return 0
	}
	p.next++
	return p.next
}

func (p *pair) Differences() int { return p.next }

// Count says how many declarations are on both sides, or on one.
func (p *pair) Count() string {
	both := p.Same + p.Differ
	if both == 0 {
		return fmt.Sprintf("They have no declaration in common: %d are only on the left, %d only on the right.", p.OnlyLeft, p.OnlyRight)
	}
	text := fmt.Sprintf("%d of the %d declarations that both have differ", p.Differ, both)
	if p.OnlyLeft > 0 {
		text += fmt.Sprintf("; %d more only on the left", p.OnlyLeft)
	}
	if p.OnlyRight > 0 {
		text += fmt.Sprintf("; %d more only on the right", p.OnlyRight)
	}
	return text + "."
}

func (p *pair) PairURL(a, b string) string {
	return relative(pairIndex, pairPath(min(a, b), max(a, b)))
}

// Span says how many lines a section has.
func (p *pair) Span(section compare.Section) string {
	return fmt.Sprintf("%d lines", len(section.Rows))
}
