package main

import (
	"bytes"
	"embed"
	"html/template"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"example.com/echo/docs/markdown"
	"example.com/echo/docs/matrix"
	"example.com/echo/docs/repo"
	"golang.org/x/net/html"
)

//go:embed templates
var templateFiles embed.FS

//go:embed static
var static embed.FS

var templates = template.Must(template.ParseFS(templateFiles, "templates/*.html"))

// A site is the site in the making.
type site struct {
	root     repo.Root
	files    map[string][]byte    // what is made: content by path
	read     map[string]*document // the Markdown pages, by name
	order    []string             // their names, as they are read
	glossary map[string]string    // explanations, by anchor
	quoted   map[string][]string  // files that pages link to, with the #fragments
	scripts  []*script
	matrix   []matrix.Scenario
	sources  map[string]*goSource // by name
}

// A page is what the layout shows.
type page struct {
	Path            string // from the site's root
	Title, Class    string
	Where           string // in which place of the whole the reader is
	Body            template.HTML
	Contents        []link
	Scripts, Styles []string
	Previous, Next  *link
	Nav             []group // the layout fills this and Up in
	Up              string  // the way to the site's root
}

type link struct {
	URL, Text string
	Here      bool // it leads to the page that it is on
	Deep      bool // it is one level deeper than others
}

type group struct {
	Title string
	Links []link
}

// build returns the site with all its files.
func build(root repo.Root) (*site, error) {
	s, err := read(root)
	if err != nil {
		return nil, err
	}
	return s, s.make()
}

// read reads what the site is made of.
func read(root repo.Root) (*site, error) {
	s := &site{root: root, files: map[string][]byte{}, read: map[string]*document{}, quoted: map[string][]string{}, sources: map[string]*goSource{}}
	return s, inOrder(s.readPages, s.readScripts, s.readMatrix)
}

func (s *site) make() error {
	return inOrder(s.addStatic, s.addPages, s.addReplays, s.addPairs, s.addScenarios, s.addQuoted)
}

func inOrder(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// linked returns a page, and those that it links to; below each that is a README
// of its own directory, the pages there.
func (s *site) linked(name string) []string {
	names := []string{name}
	for node := range s.read[name].body.Descendants() {
		target, _, _ := strings.Cut(markdown.Attr(node, "href"), "#")
		to := path.Join(path.Dir(name), target)
		switch {
		case s.read[to] == nil || to == name:
		case path.Base(to) == "README.md" && path.Dir(path.Dir(to)) == path.Dir(name):
			names = append(names, s.linked(to)...)
		case path.Dir(to) == path.Dir(name):
			names = append(names, to)
		}
	}
	return names
}

func (s *site) addStatic() error {
	names, err := fs.Glob(static, "static/*")
	for _, name := range names {
		content, err := static.ReadFile(name)
		if err != nil {
			return err
		}
		s.files[path.Base(name)] = content
	}
	return err
}

// A document is a Markdown page as HTML.
type document struct {
	name  string // from the root of the repository
	title string
	body  *html.Node
}

// readPages reads the Markdown pages, and finds their order: first the front
// page and the lessons, then as docs/README.md links to them, then the others.
func (s *site) readPages() error {
	names, err := s.root.Pages()
	if err != nil {
		return err
	}
	for _, name := range names {
		text, err := s.root.FS().ReadFile(name)
		if err != nil {
			return err
		}
		body, err := markdown.Render(text)
		if err != nil {
			return err
		}
		d := &document{name: name, body: body, title: name}
		for node := range body.Descendants() {
			if node.Data == "h1" {
				d.title = markdown.Text(node)
				break
			}
		}
		s.read[name] = d
	}
	s.order = []string{"README.md"}
	for _, lesson := range repo.Lessons {
		s.order = append(s.order, lesson+"/README.md")
	}
	s.order = append(s.order, s.linked("docs/README.md")...)
	s.order = append(s.order, names...)
	seen := map[string]bool{}
	s.order = slices.DeleteFunc(s.order, func(name string) bool {
		again := seen[name]
		seen[name] = true
		return again || s.read[name] == nil
	})
	if d := s.read[glossaryName]; d != nil {
		s.glossary = explanations(d.body)
	}
	return nil
}

// nav returns the links of the navigation for the page at a path.
func (s *site) nav(from string) []group {
	groups := []group{{Title: "Lessons"}, {Title: "Compare"}, {Title: "Around them"}}
	add := func(g int, to, text string) {
		groups[g].Links = append(groups[g].Links, link{URL: relative(from, to), Text: text, Here: from == to})
	}
	add(1, pairIndex, "Side by side: any two lessons")
	add(1, replayIndex, "Replay: step through two at once")
	for i, name := range s.order {
		if i == 0 {
			add(0, place(name), "Start here")
		} else if i <= len(repo.Lessons) {
			add(0, place(name), s.read[name].title)
		} else {
			add(2, place(name), s.read[name].title)
		}
	}
	return groups
}

// add makes a file of a page.
func (s *site) add(p *page) error {
	p.Up = strings.Repeat("../", strings.Count(p.Path, "/"))
	p.Nav = s.nav(p.Path)
	var made bytes.Buffer
	if err := templates.ExecuteTemplate(&made, "layout.html", p); err != nil {
		return err
	}
	s.files[p.Path] = made.Bytes()
	return nil
}

// place returns where the site has a file or directory of the repository.
func place(name string) string {
	switch {
	case path.Base(name) == "README.md":
		return path.Join(path.Dir(name), "index.html")
	case path.Ext(name) == ".md":
		return strings.TrimSuffix(name, ".md") + ".html"
	case path.Ext(name) == ".svg", path.Ext(name) == ".png":
		return name
	}
	return name + ".html"
}

// relative returns the link from one page to another.
func relative(from, to string) string {
	target, err := filepath.Rel(path.Dir(from), to)
	if err != nil {
		panic(err) // both begin at the root
	}
	return filepath.ToSlash(target)
}
