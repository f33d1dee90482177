package docs

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"strings"
	"sync"
	"testing"

	"example.com/echo/docs/repo"
)

// The lessons' loops. Between two that follow each other only the waiting differs.
var loops = []string{
	"01-blocking/blocking/loop.go", "02-select/selectloop/loop.go", "03-poll/pollloop/loop.go", "04-epoll/epollloop/loop.go",
}

// A tree is the repository as git sees it: without what git ignores.
type tree struct {
	fs.ReadFileFS
	root    repo.Root
	files   []string        // by slash-separated path, in order
	dirs    map[string]bool // those that hold files, and "."
	sources []*source
}

// A source is a Go file.
type source struct {
	path   string
	syntax *ast.File
	fset   *token.FileSet
}

// lesson returns the place of the lesson that the file belongs to, or -1.
func (s *source) lesson() int { return repo.LessonOf(s.path) }

func (s *source) isTest() bool { return strings.HasSuffix(s.path, "_test.go") }

// at returns where node stands, as compilers print it.
func (s *source) at(node ast.Node) string {
	return fmt.Sprintf("%s:%d", s.path, s.fset.Position(node.Pos()).Line)
}

// repository returns the tree that this module stands in.
func repository(t *testing.T) *tree {
	t.Helper()
	tr, err := load()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("needs git, to know what it ignores: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

var load = sync.OnceValues(func() (*tree, error) {
	root, err := repo.FindRoot()
	if err != nil {
		return nil, err
	}
	tr := &tree{ReadFileFS: root.FS(), root: root, dirs: map[string]bool{".": true}}
	if err := tr.list(); err != nil {
		return nil, err
	}
	for _, name := range tr.files {
		for dir := path.Dir(name); !tr.dirs[dir]; dir = path.Dir(dir) {
			tr.dirs[dir] = true
		}
	}
	return tr, tr.parse()
})

// list finds the files.
func (tr *tree) list() error {
	var found []string
	err := fs.WalkDir(tr, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.Name() == ".git":
			if entry.IsDir() {
				return fs.SkipDir
			}
		case !entry.IsDir():
			found = append(found, name)
		}
		return nil
	})
	if err != nil {
		return err
	}
	ignored, err := tr.ignored(found)
	for _, name := range found {
		if !ignored[name] {
			tr.files = append(tr.files, name)
		}
	}
	return err
}

// ignored returns which of the names git ignores. It is asked through an empty
// repository of its own, so that a copy of the tree without .git, or with
// another user's, is told the same.
func (tr *tree) ignored(names []string) (map[string]bool, error) {
	dir, err := os.MkdirTemp("", "docs")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	init := exec.Command("git", "init", "--quiet", "--bare", "--initial-branch=main", dir)
	if out, err := init.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", init, err, out)
	}
	check := exec.Command("git", "--git-dir", dir, "--work-tree", string(tr.root), "check-ignore", "-z", "--stdin")
	check.Dir = string(tr.root)
	check.Stdin = strings.NewReader(strings.Join(names, "\x00"))
	var errors bytes.Buffer
	check.Stderr = &errors
	out, err := check.Output()
	if err != nil && check.ProcessState.ExitCode() != 1 { // 1: none is ignored
		return nil, fmt.Errorf("%s: %w\n%s", check, err, &errors)
	}
	ignored := map[string]bool{}
	for _, name := range strings.Split(string(out), "\x00") {
		ignored[name] = true
	}
	return ignored, nil
}

// parse reads all Go files, whichever system they are for.
func (tr *tree) parse() error {
	fset := token.NewFileSet()
	for _, name := range tr.files {
		if path.Ext(name) != ".go" {
			continue
		}
		text, err := tr.ReadFile(name)
		if err != nil {
			return err
		}
		syntax, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		tr.sources = append(tr.sources, &source{name, syntax, fset})
	}
	return nil
}

// read returns the text of a file that must be there.
func (tr *tree) read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := tr.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
