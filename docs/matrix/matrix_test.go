package main

import (
	"os"
	"slices"
	"testing"

	"example.com/echo/01-blocking/echotest"
	"github.com/google/go-cmp/cmp"
)

// TestPageIsFresh holds docs/matrix.md and the README against the outcomes that
// the lessons' tests keep.
func TestPageIsFresh(t *testing.T) {
	root := root()
	columns, err := readColumns(root)
	if err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile(pagePath(root))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(page(columns), string(written)); diff != "" {
		t.Errorf("docs/matrix.md is stale; go run ./docs/matrix writes it (-expected +found):\n%s", diff)
	}
	readme, err := os.ReadFile(readmePath(root))
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := withShortForm(string(readme), shortForm(columns))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fresh, string(readme)); diff != "" {
		t.Errorf("README.md is stale; go run ./docs/matrix writes it (-expected +found):\n%s", diff)
	}
}

// TestEveryServerFacesEveryScenario finds outcomes that were kept before a
// scenario was added or renamed.
func TestEveryServerFacesEveryScenario(t *testing.T) {
	columns, err := readColumns(root())
	if err != nil {
		t.Fatal(err)
	}
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
