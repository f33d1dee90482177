package main

import (
	"cmp"
	"io/fs"
	"slices"
	"strings"

	"example.com/echo/docs/markdown"
	"example.com/echo/docs/matrix"
	"example.com/echo/docs/repo"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// replayOf has the script whose replay shows what a scenario is about, if it has
// another name.
var replayOf = map[string]string{
	"echo": "one-client", "take-turns": "two-clients", "silent-visitor": "one-client", "two-curls": "two-clients",
	"reset-among-others": "reset", "told-to-stop-while-idle": "told-to-stop", "never-reads": "message-larger-than-room",
	"both-stall": "message-larger-than-room", "crowd": "crowd-edge", "no-descriptor-left": "crowd-edge",
	"signal-storm": "signal-in-a-wait", "urgent-byte": "signal-in-a-wait", "idle": "nine-of-ten-idle",
	"reset-with-an-echo-owed": "reset", "half-close-in-one-batch": "half-close",
}

func (s *site) readMatrix() error {
	m, err := matrix.Read(s.root)
	s.matrix = m.Scenarios()
	return err
}

func scenarioPath(name string) string { return "scenarios/" + name + ".html" }

// anchor returns the place of a server's outcome on a scenario's page.
func anchor(title string) string { return "of-" + strings.ReplaceAll(title, " ", "-") }

// A faced is how a server faced a scenario.
type faced struct {
	matrix.Outcome
	Anchor string
	Log    *link // the golden log
	Text   string
	Replay string // the moment where it begins
	Script string // that is replayed
}

// addScenarios makes a page for each scenario: its story, what became of it, the
// golden logs and the replays.
func (s *site) addScenarios() error {
	for _, sc := range s.matrix {
		from := scenarioPath(sc.Name)
		var all []faced
		for _, o := range sc.Outcomes {
			f := faced{Outcome: o, Anchor: anchor(o.Title), Replay: s.replayFor(from, sc.Name, o.Lesson), Script: cmp.Or(replayOf[sc.Name], sc.Name)}
			name := o.Lesson + "/testdata/" + sc.Name + ".log"
			text, err := fs.ReadFile(s.root.FS(), name)
			if err == nil && (o.Served || o.How != "") {
				f.Log, f.Text = &link{URL: relative(from, s.quote(name, "")), Text: name}, excerptOf(string(text))
			}
			all = append(all, f)
		}
		body, err := execute("scenario.html", struct {
			matrix.Scenario
			Faced  []faced
			Matrix string
		}{sc, all, relative(from, place("docs/matrix.md"))})
		if err != nil {
			return err
		}
		if err := s.add(&page{Path: from, Title: sc.Name, Where: "A scenario of the behaviour matrix", Body: body}); err != nil {
			return err
		}
	}
	return nil
}

// excerptOf returns the first lines of a log, each not longer than a line of a
// page.
func excerptOf(log string) string {
	const rows, columns = 12, 160
	lines := strings.SplitAfter(log, "\n")
	if len(lines) > rows {
		lines = append(lines[:rows], "…\n")
	}
	for i, line := range lines {
		if len(line) > columns {
			lines[i] = line[:columns] + "…\n"
		}
	}
	return strings.Join(lines, "")
}

// replayFor returns a link to the replay of a scenario, or "".
func (s *site) replayFor(from, scenario, lesson string) string {
	name := cmp.Or(replayOf[scenario], scenario)
	other := repo.Lessons[1]
	if lesson == other {
		other = repo.Lessons[3]
	}
	return s.stepURL(from, lesson, name, 1, other)
}

// linkOutcomes makes each cell of a table of scenarios a link to its outcome.
func (r *rewriter) linkOutcomes(table *html.Node) {
	var titles []string
	for node := range table.Descendants() {
		if node.DataAtom == atom.Th {
			titles = append(titles, markdown.Text(node))
		}
	}
	if len(titles) == 0 || titles[0] != "scenario" {
		return
	}
	for row := range table.Descendants() {
		if row.DataAtom != atom.Tr {
			continue
		}
		name, column := "", 0
		for cell := range row.ChildNodes() {
			if cell.DataAtom != atom.Td {
				continue
			}
			if column == 0 {
				name = markdown.Text(cell)
			}
			if slices.ContainsFunc(r.matrix, func(sc matrix.Scenario) bool { return sc.Name == name }) {
				to := relative(r.p.Path, scenarioPath(name))
				if column > 0 {
					to += "#" + anchor(titles[column])
				}
				enclose(cell, to)
			}
			column++
		}
	}
}

// enclose makes a link of all that a cell has.
func enclose(cell *html.Node, to string) {
	a := &html.Node{Type: html.ElementNode, Data: "a", DataAtom: atom.A, Attr: []html.Attribute{{Key: "href", Val: to}}}
	for cell.FirstChild != nil {
		child := cell.FirstChild
		cell.RemoveChild(child)
		a.AppendChild(child)
	}
	cell.AppendChild(a)
}
