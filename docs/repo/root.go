// Package repo knows the repository that it stands in: where its root is, which
// lessons it has, how to build its programs, and which machine they run on.
package repo

import (
	"errors"
	"io/fs"
	"os"
	"strings"
)

// Lessons are the directories of the lessons, in the order in which they are
// read.
var Lessons = []string{"01-blocking", "02-select", "03-poll", "04-epoll", "05-multiworker"}

// LessonOf returns the index in Lessons of the lesson that a path from the root
// lies in, or -1.
func LessonOf(path string) int {
	dir, _, _ := strings.Cut(path, "/")
	for i, lesson := range Lessons {
		if dir == lesson {
			return i
		}
	}
	return -1
}

// A Root is the repository's top directory, as a path with "/.." at its end:
// "/src/echo/docs/matrix/../..".
//
// That keeps tests true. For a test in docs, go test keeps a result until a file
// changes that the test opened, but it only looks at files whose names begin
// with /src/echo/docs. filepath.Join and filepath.Clean would shorten the name
// of the README above to /src/echo/README.md, and a changed README would go
// unnoticed. So make names by Path.
// Source: computeTestInputsID in cmd/go/internal/test.
type Root string

// FindRoot returns the nearest directory that has a go.work, from the working
// directory upwards. It is an error if there is none.
func FindRoot() (Root, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(dir + "/go.work"); err == nil {
			return Root(dir), nil
		}
		if isTop(dir) {
			return "", errors.New("run it inside of the repository: no go.work is above")
		}
		dir += "/.."
	}
}

// isTop reports whether a directory is its own parent.
func isTop(dir string) bool {
	here, err := os.Stat(dir)
	if err != nil {
		return true
	}
	above, err := os.Stat(dir + "/..")
	return err != nil || os.SameFile(here, above)
}

// Path returns the path of a file or directory that is named from the root.
func (r Root) Path(name string) string { return string(r) + "/" + name }

// FS returns the files below the root.
func (r Root) FS() fs.ReadFileFS { return os.DirFS(string(r)).(fs.ReadFileFS) }
