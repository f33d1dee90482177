package docs

import (
	"bytes"
	"fmt"
	goast "go/ast"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"example.com/echo/docs/markdown"
	"golang.org/x/net/html"
)

// A page is a Markdown file, as a browser shows it.
type page struct {
	name    string
	source  string
	links   []string // targets of links and images
	anchors []string // what a #fragment can name
	code    []string // code blocks, and code within lines
}

// pages returns all Markdown files.
func pages(t *testing.T, tr *tree) map[string]*page {
	t.Helper()
	all := map[string]*page{}
	for _, name := range tr.files {
		if path.Ext(name) != ".md" {
			continue
		}
		text := tr.read(t, name)
		root, err := markdown.Render(text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		p := &page{name: name, source: string(text)}
		for node := range root.Descendants() {
			p.add(node)
		}
		all[name] = p
	}
	if len(all) == 0 {
		t.Error("expected Markdown files, found none")
	}
	return all
}

// add takes from an element what the tests look at.
func (p *page) add(node *html.Node) {
	if node.Type != html.ElementNode {
		return
	}
	for _, attribute := range node.Attr {
		switch attribute.Key {
		case "href", "src":
			p.links = append(p.links, attribute.Val)
		case "srcset":
			for _, candidate := range strings.Split(attribute.Val, ",") {
				link, _, _ := strings.Cut(strings.TrimSpace(candidate), " ")
				p.links = append(p.links, link)
			}
		case "id", "name":
			p.anchors = append(p.anchors, attribute.Val)
		}
	}
	if node.Data == "code" {
		p.code = append(p.code, markdown.Text(node))
	}
}

// at returns where the first of the texts that the page has stands in it, as
// compilers print it; the page's name if it has none.
func (p *page) at(texts ...string) string {
	for _, text := range texts {
		if before, _, found := strings.Cut(p.source, text); found {
			return fmt.Sprintf("%s:%d", p.name, strings.Count(before, "\n")+1)
		}
	}
	return p.name
}

// TestLinks follows every link to a place in this repository.
func TestLinks(t *testing.T) {
	tr := repository(t)
	all := pages(t, tr)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		p := all[name]
		for _, link := range p.links {
			if err := tr.follow(all, p, link); err != nil {
				t.Errorf("%s: link to %s: %v", p.at("]("+link, `"`+link, "]: "+link, link), link, err)
			}
		}
	}
}

// follow follows a link of the page p.
func (tr *tree) follow(all map[string]*page, p *page, link string) error {
	target, err := url.Parse(link)
	switch {
	case err != nil:
		return err
	case target.Scheme != "" || target.Host != "":
		return nil // to the world outside, which no test should depend on
	case strings.HasPrefix(target.Path, "/"):
		return fmt.Errorf("expected a path that begins at %s", path.Dir(p.name))
	}
	name := p.name
	if target.Path != "" {
		name = path.Join(path.Dir(p.name), target.Path)
	}
	isDir, isFile := tr.dirs[name], slices.Contains(tr.files, name)
	switch to := all[name]; {
	case !isDir && !isFile:
		return fmt.Errorf("expected a file or directory %s, found none", name)
	case target.Fragment == "":
		return nil
	case to != nil && !slices.Contains(to.anchors, target.Fragment):
		return fmt.Errorf("expected an anchor #%s in %s, which has %q", target.Fragment, name, to.anchors)
	case to == nil:
		return tr.followLine(name, target.Fragment)
	}
	return nil
}

var lines = regexp.MustCompile(`^L(\d+)(?:-L(\d+))?$`)

// followLine follows a link to lines of a file, in GitHub's way of writing it:
// #L10 or #L10-L20.
func (tr *tree) followLine(name, fragment string) error {
	text, err := tr.ReadFile(name)
	if err != nil {
		return err
	}
	match, has := lines.FindStringSubmatch(fragment), bytes.Count(text, []byte("\n"))
	if match == nil {
		return fmt.Errorf("expected #L10 or #L10-L20, as %s is not Markdown", name)
	}
	for _, number := range match[1:] {
		if n, _ := strconv.Atoi(number); n > has {
			return fmt.Errorf("expected line %d in %s, which has %d", n, name, has)
		}
	}
	return nil
}

var commands = regexp.MustCompile(`\b(?:go (?:run|test|build|vet|doc|install)|git diff --no-index)\b[^\n|;&#]*`)

// TestCommands holds the commands that the text gives to paths and flags that
// exist. The reader is at the root of the repository.
func TestCommands(t *testing.T) {
	tr := repository(t)
	all := pages(t, tr)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		p := all[name]
		code := strings.Join(p.code, "\n")
		for _, command := range commands.FindAllString(code, -1) {
			for _, word := range commandPaths(command) {
				name := path.Clean(strings.TrimSuffix(word, "/..."))
				if !tr.dirs[name] && !slices.Contains(tr.files, name) {
					t.Errorf("%s: %s: expected a file or directory %s, found none",
						p.at(command), strings.TrimSpace(command), name)
				}
			}
		}
		for _, run := range runs.FindAllStringSubmatch(code, -1) {
			known := tr.flags(run[1])
			for _, flag := range flags.FindAllStringSubmatch(run[2], -1) {
				if !slices.Contains(known, flag[1]) {
					t.Errorf("%s: %s: %s has no flag -%s; it has %q", p.at(run[0]), run[0], run[1], flag[1], known)
				}
			}
		}
	}
}

var (
	// runs are runs of a program or a test of this repository, or of a program
	// built into /tmp, up to the first word that is neither flag nor value.
	runs  = regexp.MustCompile(`(?:go (?:run|test) \./|/tmp/)(0\d-[a-z]+|docs/[a-z]+)((?: -[^|;&#\n]*)?)`)
	flags = regexp.MustCompile(` -([a-z]+)`)

	flagName = regexp.MustCompile(`^"[a-z]+"$`)

	// ofGo are flags of every program, and of go test.
	ofGo = []string{"h", "bench", "count", "run", "race", "timeout", "v"}
)

// flags returns the flags of the package in dir: those that it, or a package of
// ours that it imports, defines by a call of package flag.
func (tr *tree) flags(dir string) []string {
	names := slices.Clone(ofGo)
	seen := map[string]bool{dir: true}
	for queue := []string{dir}; len(queue) > 0; queue = queue[1:] {
		for _, s := range tr.sources {
			if path.Dir(s.path) != queue[0] {
				continue
			}
			for _, spec := range s.syntax.Imports {
				imported, isOurs := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), modulePath)
				if isOurs && !seen[imported] {
					seen[imported] = true
					queue = append(queue, imported)
				}
			}
			names = append(names, defined(s.syntax)...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// defined returns the names in a file's calls as flags.Bool("quick", ...) and
// flags.BoolVar(&quick, "quick", ...).
func defined(file *goast.File) (names []string) {
	goast.Inspect(file, func(node goast.Node) bool {
		call, ok := node.(*goast.CallExpr)
		if !ok || len(call.Args) < 3 {
			return true
		}
		if selector, ok := call.Fun.(*goast.SelectorExpr); ok {
			at := 0
			if strings.HasSuffix(selector.Sel.Name, "Var") {
				at = 1
			}
			if literal, ok := call.Args[at].(*goast.BasicLit); ok && flagName.MatchString(literal.Value) {
				names = append(names, strings.Trim(literal.Value, "\""))
			}
		}
		return true
	})
	return names
}

// commandPaths returns the files and directories that a command reads: for git
// all words that are not flags, for go those that begin as its paths do.
func commandPaths(command string) []string {
	words := strings.Fields(command)
	var paths []string
	for i, word := range words[2:] {
		switch {
		case strings.HasPrefix(word, "-") || words[i+1] == "-o":
		case words[0] == "git" || strings.HasPrefix(word, "./") || strings.HasPrefix(word, "../"):
			paths = append(paths, word)
		}
	}
	return paths
}
