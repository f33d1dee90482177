package main

import (
	"bytes"
	"os"
	"strconv"
	"strings"
	"testing"

	"example.com/echo/docs/repo"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// TestNothingIsPasted finds code blocks that nobody makes or checks. A block may
// be of commands to type, or an example of Markdown; all others stand below a
// comment that says where they come from, or that the reader sees them.
func TestNothingIsPasted(t *testing.T) {
	root, err := repo.FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	names, err := root.Pages()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		page, err := os.ReadFile(root.Path(name))
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range pasted(page) {
			t.Errorf("%s:%s", name, found)
		}
	}
}

func TestPasted(t *testing.T) {
	const page = "# Title\n\n```sh\nmake\n```\n\n```text\npasted\n```\n<!-- weave: file a -->\n```text\nwoven\n```\n\n    indented\n\n1. In a list:\n\n   ```sh\n   make\n   ```\n\n<!-- reader: sees -->\n```text\nseen\n```\n"
	want := []string{
		"7: a code block without a comment above it that says where it comes from; see docs/weave/README.md",
		"15: an indented code block; commands stand in a block of sh, and what else there is comes from somewhere: see docs/weave/README.md",
		"19: a code block that is indented; begin it at the line's start",
	}
	if got := pasted([]byte(page)); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("expected\n%s\nfound\n%s", strings.Join(want, "\n"), strings.Join(got, "\n"))
	}
}

// pasted returns the blocks of a page that come from nowhere, each with its line.
func pasted(page []byte) (found []string) {
	document := goldmark.DefaultParser().Parse(text.NewReader(page))
	ast.Walk(document, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		complain := func(offset int, what string) {
			found = append(found, strconv.Itoa(bytes.Count(page[:offset], []byte("\n"))+1)+": "+what)
		}
		switch block := node.(type) {
		case *ast.CodeBlock:
			complain(block.Lines().At(0).Start, "an indented code block; commands stand in a block of sh, and what else there is comes from somewhere: see docs/weave/README.md")
		case *ast.FencedCodeBlock:
			offset := bytes.LastIndexByte(page[:block.Pos()], '\n') + 1
			switch language := string(block.Language(page)); {
			case page[offset] != '`':
				complain(offset, "a code block that is indented; begin it at the line's start")
			case language == "sh" || language == "markdown":
			case !comesFrom(block.PreviousSibling(), page):
				complain(offset, "a code block without a comment above it that says where it comes from; see docs/weave/README.md")
			}
		}
		return ast.WalkContinue, nil
	})
	return found
}

// comesFrom reports whether the node above a block is such a comment.
func comesFrom(above ast.Node, page []byte) bool {
	comment, ok := above.(*ast.HTMLBlock)
	if !ok {
		return false
	}
	text := string(comment.Lines().Value(page))
	return strings.HasPrefix(text, "<!-- weave: ") || strings.HasPrefix(text, "<!-- reader: sees")
}
