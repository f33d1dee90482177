// Package markdown turns the repository's pages into HTML as GitHub does, so
// that links and anchors mean the same in both places.
package markdown

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	renderer "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var converter = goldmark.New(
	goldmark.WithExtensions(extension.GFM),
	goldmark.WithParserOptions(parser.WithAutoHeadingID()),
	goldmark.WithRendererOptions(renderer.WithUnsafe()), // pages contain comments and details
)

// Render returns the page as the children of a body element.
func Render(page []byte) (*html.Node, error) {
	var rendered bytes.Buffer
	context := parser.NewContext(parser.WithIDs(IDs{}))
	if err := converter.Convert(page, &rendered, parser.WithContext(context)); err != nil {
		return nil, err
	}
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(&rendered, body)
	for _, node := range nodes {
		body.AppendChild(node)
	}
	return body, err
}

// IDs makes the anchors of headings as GitHub does, which goldmark's own
// way differs from in everything but letters and digits.
type IDs map[string]bool

// Generate returns the anchor of a heading with this text.
func (ids IDs) Generate(heading []byte, _ ast.NodeKind) []byte {
	first := Anchor(string(heading))
	id := first
	for n := 1; ids[id]; n++ {
		id = first + "-" + strconv.Itoa(n)
	}
	ids[id] = true
	return []byte(id)
}

// Anchor returns the anchor of a heading, if no other heading of the page has it.
func Anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsMark(r), unicode.IsNumber(r), r == '_', r == '-':
			return unicode.ToLower(r)
		case r == ' ':
			return '-'
		}
		return -1
	}, heading)
}

// Put notes an anchor that is taken.
func (ids IDs) Put(id []byte) { ids[string(id)] = true }

// Attr returns the value of an attribute, "" if the element has none.
func Attr(node *html.Node, key string) string {
	for _, a := range node.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// Text returns all text below a node.
func Text(node *html.Node) string {
	var text strings.Builder
	for inner := range node.Descendants() {
		if inner.Type == html.TextNode {
			text.WriteString(inner.Data)
		}
	}
	return text.String()
}
