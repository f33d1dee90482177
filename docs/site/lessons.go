package main

import (
	"html/template"
	"regexp"
	"strconv"
	"strings"

	"example.com/echo/docs/repo"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// transcript is the comment above a recording's transcript; docs/weave makes that.
var transcript = regexp.MustCompile(`^ weave: transcript (.*) $`)

// replayTranscript puts a link to the replay below a transcript.
func (r *rewriter) replayTranscript(comment *html.Node) {
	match := transcript.FindStringSubmatch(comment.Data)
	if match == nil {
		return
	}
	step, words := 1, []string{}
	for _, word := range strings.Fields(match[1]) {
		if option, value, isOption := strings.Cut(word, "="); !isOption {
			words = append(words, word)
		} else if option == "steps" {
			first, _, _ := strings.Cut(value, "-")
			step, _ = strconv.Atoi(first) // docs/weave has taken it for a number
		}
	}
	other := ""
	if len(words) == 3 {
		other = words[1]
	}
	below := comment.NextSibling
	for below != nil && below.DataAtom != atom.Pre {
		below = below.NextSibling
	}
	url := r.stepURL(r.p.Path, words[0], words[len(words)-1], step, other)
	if below == nil || url == "" {
		return
	}
	p := element("p", "soft")
	a := element("a", "to-replay", html.Attribute{Key: "href", Val: url})
	a.AppendChild(&html.Node{Type: html.TextNode, Data: "Step through it in the replay"})
	p.AppendChild(a)
	below.Parent.InsertBefore(p, below.NextSibling)
}

// stepURL returns a link to the beginning of a step, "" if there is no such
// recording.
func (s *site) stepURL(from, lesson, script string, step int, other string) string {
	for _, sc := range s.scripts {
		for _, p := range sc.Players {
			r := p.Recording
			if r.Lesson == lesson && r.Script == script && step < len(r.Steps) {
				return s.momentURL(from, r, r.Steps[step].At, other)
			}
		}
	}
	return ""
}

// lessonMoments returns links to all replays of a lesson, for the end of its page.
func (s *site) lessonMoments(from string, lesson int) (template.HTML, error) {
	beside := lesson - 1
	if beside < 0 {
		beside = 1
	}
	var links []link
	for _, sc := range s.scripts {
		for _, p := range sc.Players {
			if r := p.Recording; r.Lesson == repo.Lessons[lesson] {
				links = append(links, link{URL: s.momentURL(from, r, r.Steps[1].At, repo.Lessons[beside]), Text: r.Script})
			}
		}
	}
	return execute("moments.html", links)
}
