package main

import (
	"os"
	"slices"
	"testing"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/docs/repo"
	"example.com/echo/docs/splice"
	"github.com/google/go-cmp/cmp"
)

// read reads the outcomes that the lessons' tests keep.
func read(t *testing.T) (repo.Root, matrix) {
	t.Helper()
	root, err := repo.FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	columns, err := readColumns(root)
	if err != nil {
		t.Fatal(err)
	}
	return root, columns
}

// TestPagesAreFresh holds the pages against the outcomes.
func TestPagesAreFresh(t *testing.T) {
	root, columns := read(t)
	for _, page := range pages {
		written, err := os.ReadFile(root.Path(page))
		if err != nil {
			t.Fatal(err)
		}
		fresh, err := splice.Page(string(written), command, columns.part)
		if err != nil {
			t.Fatalf("%s: %v", page, err)
		}
		if diff := cmp.Diff(fresh, string(written)); diff != "" {
			t.Errorf("%s is stale; go run ./docs/matrix writes it (-expected +found):\n%s", page, diff)
		}
	}
}

// TestEveryServerFacesEveryScenario finds outcomes that were kept before a
// scenario was added or renamed.
func TestEveryServerFacesEveryScenario(t *testing.T) {
	_, columns := read(t)
	for i, c := range columns {
		var want []string
		for _, sc := range scenarios {
			if i >= 4 || !slices.Contains(sc.Needs, echotest.WorkerProcesses) {
				want = append(want, sc.Name)
			}
		}
		if diff := cmp.Diff(want, c.faced); diff != "" {
			t.Errorf("%s: its outcomes are not those of the scenarios; go test -update keeps them (-expected +found):\n%s", c.title, diff)
		}
	}
}
