package matrix

import (
	"fmt"
	"slices"
	"strings"

	"example.com/echo/docs/repo"
)

// Part returns a part of the matrix as Markdown: "the lessons", "short form" of
// them, "the other forms of lesson 5", "failures" or "stories".
func (m Matrix) Part(name string) (string, error) {
	lessons, forms := m[:len(repo.Lessons)], m[len(repo.Lessons):]
	switch name {
	case "the lessons":
		return lessons.table(func(int) bool { return true }), nil
	case "short form":
		// Each lesson's motive is a cell that the next one turns.
		return lessons.table(lessons.isFailedBySome), nil
	case "the other forms of lesson 5":
		return forms.table(func(int) bool { return true }), nil
	case "failures":
		return m.failures(), nil
	case "stories":
		var b strings.Builder
		for _, sc := range scenarios {
			fmt.Fprintf(&b, "- **%s**: %s\n", sc.Name, sc.Story)
		}
		return b.String(), nil
	}
	return "", fmt.Errorf("the matrix has no part %q", name)
}

// table returns the rows of scenarios, given by their place, that are shown.
func (m Matrix) table(isShown func(i int) bool) string {
	rows := [][]string{{"scenario"}, {"---"}}
	for _, c := range m {
		rows[0] = append(rows[0], c.title)
		rows[1] = append(rows[1], "---")
	}
	for i, o := range m[0].outcomes {
		if !isShown(i) {
			continue
		}
		row := []string{o.scenario}
		for _, c := range m {
			row = append(row, c.outcomes[i].cell())
		}
		rows = append(rows, row)
	}
	var b strings.Builder
	for _, row := range rows {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
	}
	return b.String()
}

func (m Matrix) isFailedBySome(i int) bool {
	return slices.ContainsFunc(m, func(c column) bool { return !c.outcomes[i].served })
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
func (m Matrix) failures() string {
	var order []string
	who := map[string][]string{}
	for i := range m[0].outcomes {
		for _, c := range m {
			o := c.outcomes[i]
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
