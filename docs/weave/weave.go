package main

import (
	"fmt"
	"io/fs"
	"os"
	"slices"

	"example.com/echo/docs/lab/figures"
	"example.com/echo/docs/matrix"
	"example.com/echo/docs/repo"
	"example.com/echo/docs/splice"
)

const tool = "weave" // by its name in the pages

// A weaver makes the parts of pages.
type weaver struct {
	root repo.Root
	slow bool // make the slow parts too; else they stay as they are

	figures *figures.Figures // nil until they are needed
	matrix  matrix.Matrix
}

// A woven is a page with all its parts made anew.
type woven struct {
	text  string
	parts int
	stale []string // those that the page had otherwise, each as PAGE:LINE: SOURCE ...
	wrong []string // those that cannot be made, with the reason; they stay
}

// pages returns the names of the pages, from the root.
func (w *weaver) pages() ([]string, error) {
	var names []string
	for _, pattern := range []string{"README.md", "*/README.md", "docs/*.md", "docs/*/*.md"} {
		found, err := fs.Glob(w.root.FS(), pattern)
		if err != nil {
			return nil, err
		}
		names = append(names, found...)
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// page weaves a page. An error says where the page's comments make no sense.
func (w *weaver) page(name string) (*woven, error) {
	text, err := os.ReadFile(w.root.Path(name))
	if err != nil {
		return nil, err
	}
	page := &woven{}
	page.text, err = splice.Page(string(text), tool, func(part splice.Part) (string, error) {
		page.parts++
		at := fmt.Sprintf("%s:%d: %s", name, part.Line, part.Source)
		made, err := w.part(name, part)
		if err != nil {
			page.wrong = append(page.wrong, fmt.Sprintf("%s: %v", at, err))
			return part.Text, nil
		}
		if made != part.Text {
			page.stale = append(page.stale, at+": is stale; go run ./docs/weave makes it anew")
		}
		return made, nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return page, nil
}
