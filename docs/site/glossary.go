package main

import (
	"strings"

	"example.com/echo/docs/markdown"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const glossaryName = "docs/glossary.md"

// explanations returns the paragraph below each heading of the second level, by
// the heading's anchor.
func explanations(body *html.Node) map[string]string {
	found := map[string]string{}
	anchor := ""
	for node := range body.ChildNodes() {
		switch {
		case node.DataAtom == atom.H2:
			anchor = markdown.Attr(node, "id")
		case node.DataAtom == atom.P && anchor != "":
			found[anchor] = strings.Join(strings.Fields(markdown.Text(node)), " ")
			anchor = ""
		}
	}
	return found
}
