package matrix

import (
	"slices"
	"testing"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/docs/repo"
	"github.com/google/go-cmp/cmp"
)

// TestEveryServerFacesEveryScenario finds outcomes that were kept before a
// scenario was added or renamed.
func TestEveryServerFacesEveryScenario(t *testing.T) {
	root, err := repo.FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	columns, err := Read(root)
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
