package splice

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const page = `# What each does

<!-- go run ./docs/matrix: short form -->
| old |
<!-- end -->

Indented, it is an example:

    <!-- go run ./docs/matrix: short form -->

<!-- go run ./docs/weave: loop.go -->
Another's.
<!-- end -->
<!-- go run ./docs/matrix: stories -->
<!-- end -->
The rest.
`

func TestPage(t *testing.T) {
	made, err := Page(page, "docs/matrix", func(part string) (string, error) { return "made: " + part, nil })
	if err != nil {
		t.Fatal(err)
	}
	const want = `# What each does

<!-- go run ./docs/matrix: short form -->
made: short form
<!-- end -->

Indented, it is an example:

    <!-- go run ./docs/matrix: short form -->

<!-- go run ./docs/weave: loop.go -->
Another's.
<!-- end -->
<!-- go run ./docs/matrix: stories -->
made: stories
<!-- end -->
The rest.
`
	if diff := cmp.Diff(want, made); diff != "" {
		t.Errorf("-expected +made:\n%s", diff)
	}
}

func TestErrors(t *testing.T) {
	const part = "<!-- go run ./docs/matrix: stories -->\n"
	for _, test := range []struct{ name, page, want string }{
		{"no part", "# Title\n", "there is no part that begins <!-- go run ./docs/matrix: ... -->"},
		{"another's only", "<!-- go run ./docs/weave: loop.go -->\n<!-- end -->\n", "there is no part that begins <!-- go run ./docs/matrix: ... -->"},
		{"no end", "# Title\n" + part, "line 2: a part begins, which has no <!-- end -->"},
		{"no end before the next", part + part, "line 2: a part begins, but the one of line 1 has no <!-- end --> yet"},
		{"no beginning", part + "<!-- end -->\n<!-- end -->\n", "line 3: <!-- end -->, but no part has begun"},
		{"not made", "\n" + part + "<!-- end -->\n", `line 2: nobody knows "stories"`},
	} {
		_, err := Page(test.page, "docs/matrix", func(part string) (string, error) {
			if test.name == "not made" {
				return "", errors.New(`nobody knows "stories"`)
			}
			return "", nil
		})
		if err == nil || err.Error() != test.want {
			t.Errorf("%s: expected the error\n%s\nfound\n%v", test.name, test.want, err)
		}
	}
}

// TestFileStays holds a file to staying as it is if a part cannot be made.
func TestFileStays(t *testing.T) {
	name := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(name, []byte(page), 0o666); err != nil {
		t.Fatal(err)
	}
	err := File(name, "docs/matrix", func(part string) (string, error) {
		if part == "stories" {
			return "", errors.New("no stories")
		}
		return "made", nil
	})
	if want := name + ": line 14: no stories"; err == nil || err.Error() != want {
		t.Errorf("expected the error %q, found %v", want, err)
	}
	if text, err := os.ReadFile(name); err != nil || string(text) != page {
		t.Errorf("expected the file as it was, found %q, %v", text, err)
	}
}
