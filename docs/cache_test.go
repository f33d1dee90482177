package docs

import (
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestEditsAreSeen holds go test to running again after an edit of what it
// builds, and only then: it plays one scenario in a copy of the tree.
func TestEditsAreSeen(t *testing.T) {
	t.Parallel()
	tr := repository(t)
	root := tr.copy(t)
	shared := tr.importedFrom(t, "03-poll", "02-select")
	for _, step := range []struct {
		edit, lesson string
		isCached     bool
	}{
		{"", "02-select", false},
		{"", "03-poll", false},
		{"", "02-select", true},
		{"", "03-poll", true},
		{"02-select/selectloop/loop.go", "02-select", false},
		{"", "03-poll", true}, // that loop is none of its own
		{shared, "03-poll", false},
	} {
		if step.edit != "" {
			name := filepath.Join(root, filepath.FromSlash(step.edit))
			text := append(tr.read(t, step.edit), "// edited\n"...)
			if err := os.WriteFile(name, text, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		test := exec.Command("go", "test", "-vet=off", "-run", "^TestScenarios$/^echo$", "./"+step.lesson)
		test.Dir = root
		test.Env = append(os.Environ(), "GOWORK=") // the copy's own
		out, err := test.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", test, err, out)
		}
		if isCached := strings.Contains(string(out), "(cached)"); isCached != step.isCached {
			t.Errorf("after the edit of %q: expected the result of %s to be cached: %v, but go test printed:\n%s",
				step.edit, step.lesson, step.isCached, out)
		}
	}
}

// copy copies the tree, as of an hour ago: go test does not remember what it read
// from files that have just changed.
func (tr *tree) copy(t *testing.T) (root string) {
	t.Helper()
	root = t.TempDir()
	before := time.Now().Add(-time.Hour)
	for _, name := range tr.files {
		to := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, tr.read(t, name), 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(to, before, before); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// importedFrom returns a file of a package of the second lesson that the first
// one's loop imports.
func (tr *tree) importedFrom(t *testing.T, lesson, from string) string {
	t.Helper()
	var packages []string
	for _, s := range tr.sources {
		if strings.HasPrefix(s.path, lesson+"/") && !s.isTest() {
			for _, spec := range s.syntax.Imports {
				packages = append(packages, strings.TrimPrefix(strings.Trim(spec.Path.Value, `"`), modulePath))
			}
		}
	}
	for _, s := range tr.sources {
		if dir := path.Dir(s.path); strings.HasPrefix(dir, from+"/") && slices.Contains(packages, dir) && !s.isTest() {
			return s.path
		}
	}
	t.Fatalf("no package of %s imports one of %s", lesson, from)
	return ""
}
