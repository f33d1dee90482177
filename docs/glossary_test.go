package docs

import (
	"cmp"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// terms are the words that a reader owns at the end of each lesson.
var terms = map[string][]string{
	"01-blocking": {"file descriptor", "descriptor table", "open file", "listening socket", "connected socket", "handshake",
		"accept queue", "backlog", "blocking call", "errno", "end of stream", "partial write", "EINTR", "SIGURG", "strace"},
	"02-select": {"readiness", "non-blocking", "EAGAIN", "fd_set", "FD_SETSIZE", "descriptor reuse", "stop descriptor",
		"self-pipe", "graceful drain", "back-pressure", "half-close", "reset", "EMFILE"},
	"03-poll":  {"pollfd", "events and revents", "POLLHUP and POLLERR", "O(n)"},
	"04-epoll": {"epoll instance", "interest list", "ready list", "level-triggered", "edge-triggered", "close is not enough"},
	"05-multiworker": {"inheritance", "CLOEXEC", "prefork", "supervisor", "lifeline pipe", "thundering herd",
		"EPOLLEXCLUSIVE", "SO_REUSEPORT", "process or thread", "PIPE_BUF", "restart back-off"},
}

const glossaryPage = "docs/glossary.md"

// A section is what stands below a heading of a page, up to the next heading.
type section struct {
	title, anchor string
	text          string         // of all, with the title
	paragraphs    []string       // the text of each, without tables, lists and code
	links         []string       // where the section links to
	linkedFrom    map[string]int // in which paragraph, or before which, a link stands first
}

// sections returns the sections of a page, in order.
func (tr *tree) sections(t *testing.T, name string) []*section {
	t.Helper()
	source := tr.read(t, name)
	document := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
	ids := headingIDs{}
	current := &section{linkedFrom: map[string]int{}}
	var all []*section
	for block := document.FirstChild(); block != nil; block = block.NextSibling() {
		if heading, ok := block.(*ast.Heading); ok {
			title := plain(heading, source)
			anchor := string(ids.Generate([]byte(title), ast.KindHeading))
			current = &section{title: title, anchor: anchor, text: title, linkedFrom: map[string]int{}}
			all = append(all, current)
			continue
		}
		for _, link := range linksIn(block) {
			current.links = append(current.links, link)
			if _, ok := current.linkedFrom[link]; !ok {
				current.linkedFrom[link] = len(current.paragraphs)
			}
		}
		current.text += " " + plain(block, source)
		if _, ok := block.(*ast.Paragraph); ok {
			current.paragraphs = append(current.paragraphs, plain(block, source))
		}
	}
	return all
}

// plain returns the text of a node as it is read: in one line, without pictures.
func plain(node ast.Node, source []byte) string {
	var b strings.Builder
	ast.Walk(node, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if _, ok := n.(*ast.Image); ok {
			return ast.WalkSkipChildren, nil
		}
		if text, ok := n.(*ast.Text); ok && entering {
			b.Write(text.Value(source))
			if text.SoftLineBreak() || text.HardLineBreak() {
				b.WriteByte(' ')
			}
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

func linksIn(node ast.Node) (links []string) {
	ast.Walk(node, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if link, ok := n.(*ast.Link); ok && entering {
			links = append(links, string(link.Destination))
		}
		return ast.WalkContinue, nil
	})
	return links
}

var (
	lessonLink  = regexp.MustCompile(`^\.\./(0\d-[a-z]+)/README\.md#(.*)$`)
	sentenceEnd = regexp.MustCompile(`[.!?](?: |$)`)
)

// TestGlossary holds the glossary to the terms of the lessons, in order, each in
// two sentences, and with a link to the section of its lesson that explains it.
func TestGlossary(t *testing.T) {
	tr := repository(t)
	entries := tr.sections(t, glossaryPage)[1:]
	var found, expected []string
	for _, entry := range entries {
		found = append(found, entry.title)
	}
	for _, lesson := range terms {
		expected = append(expected, lesson...)
	}
	slices.SortFunc(expected, func(a, b string) int { return cmp.Compare(sortedAs(a), sortedAs(b)) })
	if !slices.Equal(found, expected) {
		t.Errorf("%s: expected the entries\n%q\nbut it has\n%q", glossaryPage, expected, found)
	}
	lessons := map[string][]*section{}
	for lesson := range terms {
		lessons[lesson] = tr.sections(t, path.Join(lesson, "README.md"))
	}
	for _, entry := range entries {
		if n := len(sentenceEnd.FindAllString(entry.paragraphs[0], -1)); len(entry.paragraphs) != 2 || n > 2 {
			t.Errorf("%s: %s: expected two sentences at most, and a paragraph with a link, but it has %d sentences and %d paragraphs",
				glossaryPage, entry.title, n, len(entry.paragraphs))
		}
		var places [][]string
		for _, link := range entry.links {
			if place := lessonLink.FindStringSubmatch(link); place != nil {
				places = append(places, place)
			}
		}
		if len(places) != 1 || !slices.Contains(terms[places[0][1]], entry.title) {
			t.Errorf("%s: %s: expected one link to a heading of its lesson, found %q", glossaryPage, entry.title, entry.links)
			continue
		}
		checkExplained(t, entry, places[0][1], places[0][2], lessons[places[0][1]])
	}
}

// sortedAs is the order of the entries: letters count, and nothing else.
func sortedAs(term string) string {
	return strings.NewReplacer("-", " ", "_", " ").Replace(strings.ToLower(term))
}

// notExplaining are the sections that ask for a word, and do not explain it.
var notExplaining = []string{"what-you-will-be-able-to-do", "exercises", "check-yourself", "words", "next"}

// checkExplained holds the section of a lesson to using all words of the term, and
// the lesson to not using the term before its first link to the entry.
func checkExplained(t *testing.T, entry *section, lesson, anchor string, sections []*section) {
	t.Helper()
	page, link := lesson+"/README.md", "../"+glossaryPage+"#"+entry.anchor
	at := slices.IndexFunc(sections, func(s *section) bool { return s.anchor == anchor })
	if at < 0 || slices.Contains(notExplaining, anchor) {
		t.Errorf("%s: %s: expected a link to a section of %s that explains it, but it is to #%s", glossaryPage, entry.title, page, anchor)
		return
	}
	for _, word := range strings.Fields(entry.title) {
		if !strings.Contains(strings.ToLower(sections[at].text), strings.ToLower(word)) {
			t.Errorf("%s: the section %q is to explain %s, but has no word %q", page, sections[at].title, entry.title, word)
		}
	}
	used := regexp.MustCompile(`(?i)(?:^|[^\w-])` + regexp.QuoteMeta(entry.title))
	for _, s := range sections {
		linked, isLinked := s.linkedFrom[link]
		for i, paragraph := range s.paragraphs {
			if isLinked && i >= linked {
				break
			}
			if used.MatchString(paragraph) {
				t.Errorf("%s: %q uses %s before its first link to %s:\n%s", page, s.title, entry.title, link, paragraph)
				return
			}
		}
		if isLinked {
			return
		}
	}
}

// TestWords holds the list of words at the end of each lesson to its terms.
func TestWords(t *testing.T) {
	tr := repository(t)
	for _, lesson := range slices.Sorted(maps.Keys(terms)) {
		page := path.Join(lesson, "README.md")
		all := tr.sections(t, page)
		at := slices.IndexFunc(all, func(s *section) bool { return s.anchor == "words" })
		if at < 0 {
			t.Errorf("%s: expected a section Words", page)
			continue
		}
		var expected, found []string
		ids := headingIDs{}
		for _, term := range terms[lesson] {
			expected = append(expected, "../"+glossaryPage+"#"+string(ids.Generate([]byte(term), ast.KindHeading)))
		}
		for _, link := range all[at].links {
			if strings.HasPrefix(link, "../"+glossaryPage) {
				found = append(found, link)
			}
		}
		slices.Sort(expected)
		slices.Sort(found)
		if !slices.Equal(found, expected) {
			t.Errorf("%s: expected Words to link to\n%q\nbut it links to\n%q", page, expected, found)
		}
	}
}
