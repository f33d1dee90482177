package main

import (
	"os"
	"testing"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/docs/repo"
	"github.com/google/go-cmp/cmp"
)

// TestPageIsFresh holds docs/matrix.md and the README against the outcomes that
// the lessons' tests keep.
func TestPageIsFresh(t *testing.T) {
	root, err := repo.FindRoot()
	if err != nil {
		t.Fatal(err)
	}
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
	root, err := repo.FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	columns, err := readColumns(root)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, sc := range echotest.Scenarios {
		want = append(want, sc.Name)
	}
	for _, c := range columns {
		var got []string
		for _, o := range c.lines {
			got = append(got, o.scenario)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: its outcomes are not those of the scenarios; go test -update keeps them (-expected +found):\n%s", c.title, diff)
		}
	}
}
