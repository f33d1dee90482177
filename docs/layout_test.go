package docs

import (
	"path"
	"slices"
	"strings"
	"testing"

	"example.com/echo/docs/repo"
)

// TestTopLevel holds the first look at the repository to what a reader needs.
func TestTopLevel(t *testing.T) {
	tr := repository(t)
	wanted := append([]string{"README.md", "docs", "go.work"}, repo.Lessons...)
	found := map[string]bool{}
	for _, name := range tr.files {
		top, _, _ := strings.Cut(name, "/")
		found[top] = true
	}
	for name := range found {
		if !slices.Contains(wanted, name) && !strings.HasPrefix(name, ".") && name != "go.work.sum" {
			t.Errorf("%s stands at the top level, where only these may: %s", name, strings.Join(wanted, " "))
		}
	}
	for _, name := range wanted {
		if !found[name] {
			t.Errorf("%s is missing at the top level", name)
		}
	}
}

// TestRooms holds every lesson to the same rooms: whoever knows one knows all.
func TestRooms(t *testing.T) {
	tr := repository(t)
	for _, lesson := range repo.Lessons {
		for _, room := range []string{"README.md", "main.go", "main_test.go"} {
			if name := path.Join(lesson, room); !slices.Contains(tr.files, name) {
				t.Errorf("%s is missing: every lesson has one", name)
			}
		}
		for room, holds := range map[string]string{
			"testdata": "its golden logs",
			"faults":   "the tests that are hard on it on purpose",
		} {
			if name := path.Join(lesson, room); !tr.dirs[name] {
				t.Errorf("%s is missing or empty: every lesson keeps %s there", name, holds)
			}
		}
		for _, name := range tr.files {
			if path.Dir(name) == path.Join(lesson, "faults") && !strings.HasSuffix(name, "_test.go") {
				t.Errorf("%s: only tests may stand there", name)
			}
			if path.Dir(name) == lesson && strings.HasSuffix(name, "_test.go") && path.Base(name) != "main_test.go" {
				t.Errorf("%s: a reader's tests are in main_test.go, what is hard on the server in faults", name)
			}
		}
	}
}

// TestNames keeps out names that say nothing of what they name.
func TestNames(t *testing.T) {
	tr := repository(t)
	says := func(name string) bool {
		return !slices.Contains([]string{"util", "utils", "common", "helper", "helpers"}, strings.ToLower(name))
	}
	for name := range tr.dirs {
		if !says(path.Base(name)) {
			t.Errorf("%s: the directory's name says nothing of what it holds", name)
		}
	}
	for _, name := range tr.files {
		file, _, _ := strings.Cut(path.Base(name), ".")
		if !says(strings.TrimSuffix(file, "_test")) {
			t.Errorf("%s: the file's name says nothing of what it holds", name)
		}
	}
	for _, s := range tr.sources {
		if name := s.syntax.Name.Name; !says(strings.TrimSuffix(name, "_test")) {
			t.Errorf("%s: package %s: the name says nothing of what it holds", s.at(s.syntax.Name), name)
		}
	}
}
