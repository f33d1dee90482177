//go:build linux

package walkthrough

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"example.com/echo/docs/repo"
	"github.com/google/go-cmp/cmp"
)

func TestSteps(t *testing.T) {
	root := repo.Root(t.TempDir())
	const page = "# Title\n\n```sh\ngo run .\nnc host\n```\n<!-- reader: types \"a b\" -->\n<!-- reader: sees \"a b\" nc host -->\n" +
		"<!-- reader: sees -->\n```text\nGET /\n```\n\n```go\n<!-- reader: nothing -->\n```\n<!-- reader: skips \"it is long\" -->\n```sh\nmake\n```\n"
	writeFile(t, root.Path("page.md"), page)
	got, err := steps(root, "page.md")
	if err != nil {
		t.Fatal(err)
	}
	want := []step{
		{line: 3, commands: []string{"go run .", "nc host"}},
		{line: 7, verb: "types", args: []string{"a b"}},
		{line: 8, verb: "sees", args: []string{"a b", "nc host"}},
		{line: 9, verb: "sees", shown: []string{"GET /"}},
		{line: 18, commands: []string{"make"}, skip: "it is long"},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(step{})); diff != "" {
		t.Errorf("-expected +found:\n%s", diff)
	}
	for _, comment := range []string{"waits", "types", "sees", "stops", `skips "a" b`} {
		writeFile(t, root.Path("page.md"), "\n<!-- reader: "+comment+" -->\n")
		if _, err := steps(root, "page.md"); err == nil || !strings.HasPrefix(err.Error(), "page.md:2: ") {
			t.Errorf("%s: expected an error of line 2, found %v", comment, err)
		}
	}
}

func TestLinePattern(t *testing.T) {
	for _, test := range []struct {
		shown, printed string
		want           bool
	}{
		{"read(6, \"a\", 65536)   = 1", "[pid  12] read(6, \"a\", 40960) = 1", true},
		{"read(6, \"a\", 65536)   = 1", "read(6, \"a\", 65536)   = 2", false},
		{"accept4(3, …) = 6", "accept4(3, {a, b}, [112]) = 6", true},
		{"accept4(3, …) = 6", "accept4(3,\n) = 6", false},
		{"pid=19376 parent=19369 started>", "pid=12 parent=9 started>", true},
		{"('127.0.0.1', 1337)", "('127.0.0.1', 1338)", false},
	} {
		if got := regexp.MustCompile(linePattern(test.shown)).MatchString(test.printed); got != test.want {
			t.Errorf("%q as %q: expected %t", test.printed, test.shown, test.want)
		}
	}
}

func TestJoined(t *testing.T) {
	const printed = "[pid 7] read(6,  <unfinished ...>\n[pid 8] futex()  = 0\n[pid 7] <... read resumed>\"a\", 9) = 1\n[pid 7] accept4(3,  <unfinished ...>\n"
	const want = "[pid 8] futex()  = 0\n[pid 7] read(6, \"a\", 9) = 1\n\n[pid 7] accept4(3, "
	if diff := cmp.Diff(want, joined(printed)); diff != "" {
		t.Errorf("-expected +joined:\n%s", diff)
	}
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
