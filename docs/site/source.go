package main

import (
	"bytes"
	"html/template"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"example.com/echo/docs/highlight"
)

// most is the size of the longest file that gets a page. A longer one stands on
// the site as it is.
const most = 60_000

// quote notes that a page links to a file or directory of the repository, and
// returns its place on the site.
func (s *site) quote(name, fragment string) string {
	info, err := fs.Stat(s.root.FS(), name)
	if err == nil && info.IsDir() {
		if s.read[path.Join(name, "README.md")] != nil {
			return path.Join(name, "index.html")
		}
		s.quoted[name] = nil
		return path.Join(name, "index.html")
	}
	if s.read[name] == nil {
		s.quoted[name] = append(s.quoted[name], fragment)
	}
	if err == nil && info.Size() > most {
		return name
	}
	return place(name)
}

// addQuoted makes the pages of the files and directories that pages link to.
func (s *site) addQuoted() error {
	done := map[string]bool{}
	for len(done) < len(s.quoted) { // a directory adds its files
		for _, name := range slices.Sorted(maps.Keys(s.quoted)) {
			if done[name] {
				continue
			}
			done[name] = true
			if err := s.addFile(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// A listing is a file with its lines, or a directory with its entries.
type listing struct {
	Name    string
	Lines   []numbered
	Entries []link
}

type numbered struct {
	Number int
	Text   template.HTML
	Ranges []string // of lines that begin here, and that a page links to
}

func (s *site) addFile(name string) error {
	to := s.quote(name, "")
	l := listing{Name: name}
	if entries, err := fs.ReadDir(s.root.FS(), name); err == nil {
		for _, e := range entries {
			l.Entries = append(l.Entries, link{URL: relative(to, s.quote(path.Join(name, e.Name()), "")), Text: e.Name()})
		}
		return s.addListing(to, l)
	}
	text, err := s.root.FS().ReadFile(name)
	if err != nil {
		return err
	}
	if to == name {
		s.files[to] = text
		return nil
	}
	for i, line := range highlight.Lines(language(name), strings.TrimSuffix(string(text), "\n")) {
		n := numbered{Number: i + 1, Text: line}
		for _, fragment := range slices.Compact(slices.Sorted(slices.Values(s.quoted[name]))) {
			if match := lineRange.FindStringSubmatch(fragment); match != nil && match[1] == strconv.Itoa(n.Number) {
				n.Ranges = append(n.Ranges, fragment)
			}
		}
		l.Lines = append(l.Lines, n)
	}
	return s.addListing(to, l)
}

var lineRange = regexp.MustCompile(`^L(\d+)-L\d+$`)

func (s *site) addListing(to string, l listing) error {
	body, err := execute("listing.html", l)
	if err != nil {
		return err
	}
	return s.add(&page{Path: to, Title: l.Name, Class: "wide", Where: "A file of the repository", Body: body, Scripts: []string{"site.js"}})
}

// execute returns what a template makes of data.
func execute(name string, data any) (template.HTML, error) {
	var made bytes.Buffer
	err := templates.ExecuteTemplate(&made, name, data)
	return template.HTML(made.String()), err
}

// language returns the language of a file, for highlight.
func language(name string) string {
	switch ext := path.Ext(name); ext {
	case ".go", ".py", ".js", ".json", ".c":
		return ext[1:]
	case ".mutant", ".diff":
		return "diff"
	}
	return ""
}
