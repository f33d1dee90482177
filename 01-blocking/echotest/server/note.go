package server

import (
	"go/build"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Note looks at a file so that go test takes notice of it. go test remembers a
// result for as long as the files stay the same that the test looked at, if
// their names begin with the directory of the test's module.
func Note(name string) error {
	here, err := Lesson()
	if err != nil {
		return nil // this is no test
	}
	relative, err := filepath.Rel(here, name)
	if err == nil {
		_, err = os.Stat(here + string(filepath.Separator) + relative) // not cleaned
	}
	return err
}

// ReadFile reads a file that may lie outside of the test's module, and lets go
// test take notice of it.
func ReadFile(name string) ([]byte, error) {
	name, err := filepath.Abs(name)
	if err != nil {
		return nil, err
	}
	Note(name) // ReadFile tells what is wrong with it
	return os.ReadFile(name)
}

// noteProgram notes every source file of the program in dir: so a changed loop is
// never answered with an old result.
func noteProgram(dir string) error {
	module, err := moduleOf(dir)
	if err != nil {
		return err
	}
	ours := path.Dir(module) + "/" // how the import paths of all lessons begin
	root := strings.TrimSuffix(filepath.ToSlash(dir), path.Base(module))
	seen := map[string]bool{}
	var visit func(dir string) error
	visit = func(dir string) error {
		if seen[dir] {
			return nil
		}
		seen[dir] = true
		p, err := build.ImportDir(dir, 0)
		if err != nil {
			return err
		}
		files := append([]string{"."}, p.GoFiles...) // the directory shows new files
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			files = append(files, "go.mod")
		}
		for _, name := range files {
			if err := Note(filepath.Join(dir, name)); err != nil {
				return err
			}
		}
		for _, imported := range p.Imports {
			if below, ok := strings.CutPrefix(imported, ours); ok {
				if err := visit(filepath.Join(root, filepath.FromSlash(below))); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return visit(dir)
}

// moduleOf returns the path of the module whose root is dir.
func moduleOf(dir string) (string, error) {
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimSpace(strings.TrimPrefix(line, "module ")), nil
}
