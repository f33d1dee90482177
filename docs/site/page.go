package main

import (
	"bytes"
	"html/template"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"example.com/echo/docs/highlight"
	"example.com/echo/docs/markdown"
	"example.com/echo/docs/repo"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// addPages makes the pages of all documents.
func (s *site) addPages() error {
	for i, name := range s.order {
		d := s.read[name]
		p := &page{Path: place(name), Title: d.title, Scripts: []string{"site.js"}}
		if i > 0 {
			p.Previous = &link{URL: relative(p.Path, place(s.order[i-1])), Text: s.read[s.order[i-1]].title}
		}
		if i+1 < len(s.order) {
			p.Next = &link{URL: relative(p.Path, place(s.order[i+1])), Text: s.read[s.order[i+1]].title}
		}
		if err := s.rewrite(d, p); err != nil {
			return err
		}
		if lesson := repo.LessonOf(name); lesson >= 0 {
			p.Where = "Lesson " + strconv.Itoa(lesson+1) + " of " + strconv.Itoa(len(repo.Lessons))
			moments, err := s.lessonMoments(p.Path, lesson)
			if err != nil {
				return err
			}
			p.Body += moments
		}
		if err := s.add(p); err != nil {
			return err
		}
	}
	return nil
}

// A rewriter turns a document's HTML into that of its page.
type rewriter struct {
	*site
	d     *document
	p     *page
	terms int // how many explanations of terms the page has
}

// rewrite makes the body and the table of contents of a page.
func (s *site) rewrite(d *document, p *page) error {
	r := &rewriter{site: s, d: d, p: p}
	for _, node := range slices.Collect(d.body.Descendants()) {
		if err := r.node(node); err != nil {
			return err
		}
	}
	var made bytes.Buffer
	for node := range d.body.ChildNodes() {
		if err := html.Render(&made, node); err != nil {
			return err
		}
	}
	p.Body = template.HTML(made.String())
	return nil
}

func (r *rewriter) node(node *html.Node) error {
	if node.Type == html.CommentNode {
		r.replayTranscript(node)
		node.Parent.RemoveChild(node)
		return nil
	}
	if source, isPath := r.target(markdown.Attr(node, "src")); isPath && node.DataAtom == atom.Img {
		if done, err := r.inlineChart(node, source); done || err != nil {
			return err
		}
	}
	for i := range node.Attr {
		switch a := &node.Attr[i]; a.Key {
		case "style": // of a table's cell; the policy allows no styles
			*a = html.Attribute{Key: "class", Val: strings.TrimPrefix(a.Val, "text-align:")}
		case "href", "src", "srcset":
			target, err := r.follow(a.Val)
			if err != nil {
				return err
			}
			a.Val = target
		}
	}
	switch node.DataAtom {
	case atom.A:
		r.explain(node)
	case atom.H2, atom.H3:
		r.p.Contents = append(r.p.Contents, link{URL: "#" + markdown.Attr(node, "id"), Text: markdown.Text(node), Deep: node.DataAtom == atom.H3})
	case atom.Table:
		wrap(node, "div", "scroll")
		r.linkOutcomes(node)
	case atom.Pre:
		colour(node)
	}
	return nil
}

// target returns the file that a link of the document leads to; false if that is
// no other file of the repository.
func (r *rewriter) target(href string) (name string, ok bool) {
	u, err := url.Parse(href)
	if err != nil || u.Scheme != "" || u.Path == "" {
		return "", false
	}
	return path.Join(path.Dir(r.d.name), u.Path), true
}

// follow returns the link on the site for a link of the document.
func (r *rewriter) follow(href string) (string, error) {
	name, ok := r.target(href)
	if !ok {
		return href, nil
	}
	u, err := url.Parse(href)
	if err != nil {
		return "", err
	}
	u.Path = relative(r.p.Path, r.quote(name, u.Fragment))
	return u.String(), nil
}

// explain puts the explanation of a glossary's term beside the link to it.
func (r *rewriter) explain(a *html.Node) {
	to, anchor, _ := strings.Cut(markdown.Attr(a, "href"), "#")
	text := r.glossary[anchor]
	if text == "" || to != relative(r.p.Path, place(glossaryName)) || r.d.name == glossaryName {
		return
	}
	r.terms++
	id := "term-" + strconv.Itoa(r.terms)
	a.Attr = append(a.Attr, html.Attribute{Key: "aria-describedby", Val: id})
	term := wrap(a, "span", "term")
	tip := element("span", "tip", html.Attribute{Key: "id", Val: id}, html.Attribute{Key: "role", Val: "tooltip"})
	tip.AppendChild(&html.Node{Type: html.TextNode, Data: text})
	term.AppendChild(tip)
}

// colour marks the words of a block of code; of commands it makes a block that
// can be copied.
func colour(pre *html.Node) {
	code := pre.FirstChild
	if code == nil || code.DataAtom != atom.Code {
		return
	}
	language := strings.TrimPrefix(markdown.Attr(code, "class"), "language-")
	if language == "" || language == "text" {
		return
	}
	var lines []string
	for _, line := range highlight.Lines(language, strings.TrimSuffix(markdown.Text(code), "\n")) {
		lines = append(lines, string(line))
	}
	code.RemoveChild(code.FirstChild)
	// What is parsed here is what highlight has escaped.
	nodes, _ := html.ParseFragment(strings.NewReader(strings.Join(lines, "\n")+"\n"), code)
	for _, node := range nodes {
		code.AppendChild(node)
	}
	if language == "sh" {
		wrap(pre, "div", "commands")
	}
}

// wrap puts an element around a node.
func wrap(node *html.Node, name, class string) *html.Node {
	around := element(name, class)
	node.Parent.InsertBefore(around, node)
	node.Parent.RemoveChild(node)
	around.AppendChild(node)
	return around
}

func element(name, class string, attributes ...html.Attribute) *html.Node {
	return &html.Node{Type: html.ElementNode, Data: name, DataAtom: atom.Lookup([]byte(name)),
		Attr: append([]html.Attribute{{Key: "class", Val: class}}, attributes...)}
}
