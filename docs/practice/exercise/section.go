package exercise

import (
	"fmt"
	"os"
	"strings"

	"example.com/echo/docs/markdown"
	"example.com/echo/docs/repo"
)

// Section returns what a page says below a heading: docs/pitfalls.md#the-queue-is-too-short.
func Section(root repo.Root, place string) (text string, err error) {
	_, text, err = section(root, place)
	return text, err
}

// section returns a heading of a page, and what it says there, up to the next
// heading or to where tests are listed: of much the first paragraphs. place is
// as in docs/pitfalls.md#no-descriptor-is-left.
func section(root repo.Root, place string) (heading, text string, err error) {
	const enough = 12 // lines
	page, anchor, _ := strings.Cut(place, "#")
	all, err := os.ReadFile(root.Path(page))
	if err != nil {
		return "", "", err
	}
	var b strings.Builder
	lines := 0
	for line := range strings.Lines(string(all)) {
		if heading != "" || line[0] == '#' {
			if line = comment.ReplaceAllString(line, ""); line == "" {
				continue
			}
		}
		title, isHeading := strings.CutPrefix(strings.TrimLeft(line, "#"), " ")
		isHeading = isHeading && line[0] == '#'
		isOver := isHeading || strings.HasPrefix(line, "- **Held by") || lines > enough && line == "\n"
		switch title = strings.TrimSpace(title); {
		case heading == "" && isHeading && markdown.Anchor(title) == anchor:
			heading = title
		case heading != "" && isOver:
			return heading, strings.TrimSpace(b.String()), nil
		case heading != "":
			b.WriteString(line)
			lines++
		}
	}
	if heading == "" {
		return "", "", fmt.Errorf("%s has no heading #%s", page, anchor)
	}
	return heading, strings.TrimSpace(b.String()), nil
}

// PitfallsPage tells what goes wrong in servers, and what must happen instead.
const PitfallsPage = "docs/pitfalls.md"

// Pitfall returns the heading below which that page tells of what a scenario
// is about, and its place; "" if it tells of it nowhere.
func Pitfall(root repo.Root, scenario string) (heading, place string) {
	all, err := os.ReadFile(root.Path(PitfallsPage))
	if err != nil {
		return "", ""
	}
	for line := range strings.Lines(string(all)) {
		if title, ok := strings.CutPrefix(line, "### "); ok {
			heading = strings.TrimSpace(title)
		}
		if strings.HasPrefix(line, "- **Held by:**") && strings.Contains(line, "TestScenarios/"+scenario+"`") {
			return heading, PitfallsPage + "#" + markdown.Anchor(heading)
		}
	}
	return "", ""
}
