// Package text makes lines for a terminal of 80 columns.
package text

import (
	"path"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Width is that of the terminal. Lines of Markdown are a little shorter, so that they fit
// behind the mark of a comment too.
const (
	Width     = 80
	textWidth = 72
)

var (
	link   = regexp.MustCompile(`\[([^\]]*)\]\(([^)\s]*)\)`)
	marks  = regexp.MustCompile("\\*\\*([^*]*)\\*\\*|`([^`]*)`")
	item   = regexp.MustCompile(`^ *(?:- |\d+\. )`)
	socket = regexp.MustCompile(`<socket\.socket (fd=[^,]*), .*?raddr=\('[^']*', <?([^)>]*)>?[^)]*\)>(?: with addr \([^)]*\))?`)
	server = regexp.MustCompile(`<socket\.socket (fd=[^,]*), family[^>]*\('[^']*', <?[^)>]*>?\)>`)
)

// Plain returns Markdown as lines. Its links begin at page.
func Plain(markdown, page string) (lines []string) {
	var paragraph []string
	end := func() {
		if len(paragraph) > 0 {
			lines = append(lines, Wrap(inline(strings.Join(paragraph, " "), page), textWidth)...)
			paragraph = nil
		}
	}
	isCode := false
	for line := range strings.SplitSeq(markdown, "\n") {
		isFence := strings.HasPrefix(line, "```")
		switch {
		case isFence:
			end()
			isCode = !isCode
		case isCode:
			lines = append(lines, "  "+ShortSockets(strings.ReplaceAll(line, "\t", "    ")))
		case strings.TrimSpace(line) == "":
			end()
			lines = append(lines, "")
		case item.MatchString(line):
			end()
			paragraph = []string{line}
		default:
			paragraph = append(paragraph, strings.TrimSpace(line))
		}
	}
	end()
	return Squeezed(lines)
}

// inline takes the marks out of a paragraph. A link shows where it leads to, by its
// path from the root.
func inline(text, page string) string {
	text = link.ReplaceAllStringFunc(text, func(found string) string {
		m := link.FindStringSubmatch(found)
		target := m[2]
		if !strings.Contains(target, "://") {
			file, anchor, _ := strings.Cut(target, "#")
			file = path.Join(path.Dir(page), file)
			if target = file; anchor != "" {
				target += "#" + anchor
			}
		}
		if strings.HasSuffix(target, m[1]) {
			return target
		}
		return m[1] + " (" + target + ")"
	})
	return marks.ReplaceAllString(text, "$1$2")
}

// ShortSockets leaves out of the texts of sockets what is the same for all.
func ShortSockets(line string) string {
	line = server.ReplaceAllString(socket.ReplaceAllString(line, "<$1 $2>"), "<$1>")
	return strings.NewReplacer("fd=<fd> ", "", "<fd=<fd>>", "<…>").Replace(line)
}

// Wrap returns a paragraph in lines of a width. What follows the mark of an item
// is set in.
func Wrap(text string, width int) (lines []string) {
	indent := strings.Repeat(" ", len(item.FindString(text)))
	line := text[:len(text)-len(strings.TrimLeft(text, " "))]
	isEmpty := true
	for word := range strings.FieldsSeq(text) {
		if !isEmpty && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			lines = append(lines, line)
			line = indent + word
			continue
		}
		if !isEmpty {
			line += " "
		}
		line += word
		isEmpty = false
	}
	return append(lines, line)
}

// Squeezed returns lines without empty ones at the ends, and with one where there
// are several.
func Squeezed(lines []string) (rest []string) {
	for _, line := range lines {
		if line != "" || len(rest) > 0 && rest[len(rest)-1] != "" {
			rest = append(rest, line)
		}
	}
	if len(rest) > 0 && rest[len(rest)-1] == "" {
		rest = rest[:len(rest)-1]
	}
	return rest
}

// Indented sets lines in, and cuts what does not fit.
func Indented(lines []string) (set []string) {
	for _, line := range lines {
		set = append(set, Cut("  "+ShortSockets(line)))
	}
	return set
}

// Folded returns a line in as many as it needs, the rest set in as its beginning is.
// One with the text of a message is cut: it can be long.
func Folded(line string) []string {
	if utf8.RuneCountInString(line) <= Width || strings.Contains(line, " b'") {
		return []string{Cut(line)}
	}
	const columns = 11 // of "  but      "
	mark := line[:min(columns, len(line)-len(strings.TrimLeft(line, " ")))]
	if strings.HasPrefix(line, "  but ") {
		mark = line[:columns]
	}
	var lines []string
	for i, part := range Wrap(strings.TrimSpace(line[len(mark):]), Width-len(mark)) {
		if i > 0 {
			mark = strings.Repeat(" ", len(mark))
		}
		lines = append(lines, mark+part)
	}
	return lines
}

// Cut returns what fits of a line.
func Cut(line string) string {
	if utf8.RuneCountInString(line) <= Width {
		return line
	}
	return string([]rune(line)[:Width-1]) + "…"
}
