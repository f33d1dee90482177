package matrix

import (
	"testing"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/docs/repo"
	"github.com/google/go-cmp/cmp"
)

// TestEveryServerFacesEveryScenario finds outcomes that were kept before a
// scenario was added or renamed.
func TestEveryServerFacesEveryScenario(t *testing.T) {
	var want []string
	for _, sc := range echotest.Scenarios {
		want = append(want, sc.Name)
	}
	root, err := repo.FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	columns, err := Read(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range columns {
		var got []string
		for _, o := range c.outcomes {
			got = append(got, o.scenario)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: its outcomes are not those of the scenarios; go test -update keeps them (-expected +found):\n%s", c.title, diff)
		}
	}
}
