package main

import (
	"path"
	"regexp"
	"strings"
	"unicode/utf8"
)

// width is that of a terminal for which all is made to fit.
const width = 80

var (
	link   = regexp.MustCompile(`\[([^\]]*)\]\(([^)\s]*)\)`)
	marks  = regexp.MustCompile("\\*\\*([^*]*)\\*\\*|`([^`]*)`")
	item   = regexp.MustCompile(`^(?:- |\d+\. )`)
	socket = regexp.MustCompile(`<socket\.socket (fd=[^,]*), .*?raddr=\('[^']*', <?([^)>]*)>?[^)]*\)>(?: with addr \([^)]*\))?`)
	server = regexp.MustCompile(`<socket\.socket (fd=[^,]*), family[^>]*\('[^']*', <?[^)>]*>?\)>`)
)

// plain returns Markdown as lines for a terminal. Its links begin at page.
func plain(markdown, page string) (lines []string) {
	var paragraph []string
	end := func() {
		if len(paragraph) > 0 {
			lines = append(lines, wrap(inline(strings.Join(paragraph, " "), page))...)
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
			lines = append(lines, "  "+shortSockets(strings.ReplaceAll(line, "\t", "    ")))
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
	return squeezed(lines)
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

// shortSockets leaves out of the texts of sockets what is the same for all.
func shortSockets(line string) string {
	line = server.ReplaceAllString(socket.ReplaceAllString(line, "<$1 $2>"), "<$1>")
	return strings.NewReplacer("fd=<fd> ", "", "<fd=<fd>>", "<…>").Replace(line)
}

// wrap returns a paragraph in lines that fit. What follows the mark of an item is
// set in.
func wrap(text string) (lines []string) {
	indent := strings.Repeat(" ", len(item.FindString(text)))
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			lines = append(lines, line)
			line = indent + word
			continue
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}

// squeezed returns lines without empty ones at the ends, and with one where there
// are several.
func squeezed(lines []string) (rest []string) {
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

// indented sets lines in, and cuts what does not fit.
func indented(lines []string) (set []string) {
	for _, line := range lines {
		set = append(set, cut("  "+shortSockets(line)))
	}
	return set
}

// cut returns what fits of a line.
func cut(line string) string {
	if utf8.RuneCountInString(line) <= width {
		return line
	}
	return string([]rune(line)[:width-1]) + "…"
}
