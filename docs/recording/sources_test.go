package recording

import (
	"testing"

	"example.com/echo/docs/repo"
)

// TestSources expects that the source lines of a recording are where it says.
func TestSources(t *testing.T) {
	root, err := repo.FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	all, err := All(root.FS())
	if err != nil {
		t.Fatal(err)
	}
	stale := map[string]bool{}
	for _, r := range all {
		if err := r.Stale(root.FS()); err != nil && !stale[r.Lesson] {
			stale[r.Lesson] = true // one is enough to see why
			t.Error(err)
		}
	}
}
