package main

import (
	"fmt"
	"slices"
	"strings"
)

const intro = `# What each server does

Every [scenario](../01-blocking/echotest/scenarios.go) is a short story of
clients and one server, and every lesson faces all of them. The tests play them
and keep what became of each; this page is made of that by ` + "`go run ./docs/matrix`" + `,
and a test fails when it is stale.

- **served**: every client got what it was to get, and the log is the golden one.
- **fails**: as documented below; the test asserts that it fails in just this way.
- –: not to be had there.

`

// page returns the whole page.
func page(columns []column) string {
	const lessons = 5
	var b strings.Builder
	b.WriteString(intro)
	b.WriteString("## The five lessons\n\n")
	b.WriteString(table(columns[:lessons]))
	b.WriteString("\n## Lesson 5 in its other forms\n\n" +
		"By `-kind` and `-loop`; the default, process and select, is in the table above.\n\n")
	b.WriteString(table(columns[lessons:]))
	b.WriteString("\n## How they fail\n\n")
	b.WriteString(failures(columns))
	b.WriteString("\n## The stories\n\n")
	for _, sc := range scenarios {
		fmt.Fprintf(&b, "- **%s**: %s\n", sc.Name, sc.Story)
	}
	return b.String()
}

func table(columns []column) string {
	rows := [][]string{{"scenario"}, {"---"}}
	for i := range columns[0].lines {
		rows = append(rows, []string{columns[0].lines[i].scenario})
	}
	for _, c := range columns {
		rows[0] = append(rows[0], c.title)
		rows[1] = append(rows[1], "---")
		for i, o := range c.lines {
			rows[i+2] = append(rows[i+2], o.cell())
		}
	}
	return markdown(rows)
}

func markdown(rows [][]string) string {
	var b strings.Builder
	for _, row := range rows {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
	}
	return b.String()
}

func (o outcome) cell() string {
	switch {
	case o.served:
		return "served"
	case o.how != "":
		return "**fails**"
	}
	return "–"
}

// failures lists each way to fail once, with the servers that fail so.
func failures(columns []column) string {
	var order []string
	who := map[string][]string{}
	for i := range columns[0].lines {
		for _, c := range columns {
			o := c.lines[i]
			if o.how == "" {
				continue
			}
			text := fmt.Sprintf("**%s**: %s: %s", o.scenario, o.how, o.why)
			if who[text] == nil {
				order = append(order, text)
			}
			who[text] = append(who[text], c.title)
		}
	}
	var b strings.Builder
	for _, text := range order {
		fmt.Fprintf(&b, "- %s. (%s)\n", text, strings.Join(who[text], ", "))
	}
	return b.String()
}

// shortForm returns the scenarios that some lesson fails: each lesson's motive
// is a cell that the next one turns.
func shortForm(columns []column) string {
	const lessons = 5
	rows := [][]string{{"scenario"}, {"---"}}
	for _, c := range columns[:lessons] {
		rows[0] = append(rows[0], c.title)
		rows[1] = append(rows[1], "---")
	}
	for i, o := range columns[0].lines {
		row := []string{o.scenario}
		for _, c := range columns[:lessons] {
			row = append(row, c.lines[i].cell())
		}
		if slices.ContainsFunc(row[1:], func(cell string) bool { return cell != "served" }) {
			rows = append(rows, row)
		}
	}
	return markdown(rows)
}

const (
	begin = "<!-- made by go run ./docs/matrix -->\n"
	end   = "<!-- end -->\n"
)

// withShortForm returns the README with the short form between its marks.
func withShortForm(readme, table string) (string, error) {
	before, rest, ok := strings.Cut(readme, begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		return "", fmt.Errorf("README.md has no place for the matrix between %q and %q", begin, end)
	}
	return before + begin + table + end + after, nil
}
