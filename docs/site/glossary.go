package main

import (
	"strings"

	"example.com/echo/docs/markdown"
	"golang.org/x/net/html/atom"
)

const glossaryName = "docs/glossary.md"

// readGlossary takes the explanations from the glossary: the paragraph below
// each heading, by the heading's anchor.
func (s *site) readGlossary() error {
	s.glossary = map[string]string{}
	d := s.read[glossaryName]
	if d == nil {
		return nil
	}
	anchor := ""
	for node := range d.body.ChildNodes() {
		switch {
		case node.DataAtom == atom.H2:
			anchor = markdown.Attr(node, "id")
		case node.DataAtom == atom.P && anchor != "":
			s.glossary[anchor] = strings.Join(strings.Fields(markdown.Text(node)), " ")
			anchor = ""
		}
	}
	return nil
}
