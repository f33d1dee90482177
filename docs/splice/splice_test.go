package splice

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const page = `# What each does

<!-- weave: table -->
| old |
<!-- end -->

<!-- weave: code -->
` + "```go\nold\n<!-- end -->\n```" + `
After the block. <!-- weave: a -->x<!-- end --> and <!-- weave: b --><!-- end -->.

<!-- weave: code -->

An example is left alone, and so is another's part:

` + "```markdown\n<!-- weave: table -->\n<!-- end -->\n```" + `

<!-- longrun: bytes -->
Another's.
<!-- end -->
The rest.`

const woven = `# What each does

<!-- weave: table -->
made: table
<!-- end -->

<!-- weave: code -->
` + "```go\nmade\n```" + `
After the block. <!-- weave: a -->made: a<!-- end --> and <!-- weave: b -->made: b<!-- end -->.

<!-- weave: code -->
` + "```go\nmade\n```" + `

An example is left alone, and so is another's part:

` + "```markdown\n<!-- weave: table -->\n<!-- end -->\n```" + `

<!-- longrun: bytes -->
Another's.
<!-- end -->
The rest.`

func makePart(part Part) (string, error) {
	if part.Source == "code" {
		return "```go\nmade\n```\n", nil
	}
	return "made: " + part.Source, nil
}

func TestPage(t *testing.T) {
	var parts []Part
	made, err := Page(page, "weave", func(part Part) (string, error) {
		parts = append(parts, part)
		return makePart(part)
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(woven, made); diff != "" {
		t.Errorf("-expected +made:\n%s", diff)
	}
	want := []Part{
		{Line: 3, Source: "table", Text: "| old |\n"},
		{Line: 7, Source: "code", Text: "```go\nold\n<!-- end -->\n```\n"},
		{Line: 12, Source: "a", Inline: true, Text: "x"},
		{Line: 12, Source: "b", Inline: true},
		{Line: 14, Source: "code"},
	}
	if diff := cmp.Diff(want, parts); diff != "" {
		t.Errorf("-expected +asked for:\n%s", diff)
	}
	if again, err := Page(made, "weave", makePart); err != nil || again != made {
		t.Errorf("expected the same again, but made\n%s\n%v", again, err)
	}
}

func TestErrors(t *testing.T) {
	for _, test := range []struct{ name, page, want string }{
		{"no end", "\n<!-- weave: table -->\ntext\n", "line 2: the part needs a line <!-- end --> after it"},
		{"no end before the next", "<!-- weave: table -->\n<!-- weave: table -->\n<!-- end -->\n", "line 1: the part needs a line <!-- end --> after it"},
		{"begins a line", "<!-- weave: a --><!-- end --> of them\n", "line 1: the comment must be all of the line; put a word before a part inside of a line"},
		{"two lines", "of <!-- weave: a -->\n<!-- end --> them\n", "line 1: a part inside of a line needs <!-- end --> in the same line"},
		{"dashes", "of <!-- weave: git diff --stat --><!-- end -->\n", "line 1: a comment inside of a line must not contain two dashes"},
		{"not made", "\n<!-- weave: wrong -->\n<!-- end -->\n", `line 2: nobody knows "wrong"`},
	} {
		_, err := Page(test.page, "weave", func(part Part) (string, error) {
			if part.Source == "wrong" {
				return "", errors.New(`nobody knows "wrong"`)
			}
			return makePart(part)
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
	err := File(name, "weave", func(part Part) (string, error) {
		if part.Source == "b" {
			return "", errors.New("no b")
		}
		return makePart(part)
	})
	if err == nil || !strings.HasSuffix(err.Error(), "page.md: line 12: no b") {
		t.Errorf("expected the error of line 12, found %v", err)
	}
	if text, err := os.ReadFile(name); err != nil || string(text) != page {
		t.Errorf("expected the file as it was, found %q, %v", text, err)
	}
}
