package exercise

import (
	"os"
	"strings"
	"testing"

	"example.com/echo/docs/repo"
)

// TestForms has exercises of a page that are not as they should be.
func TestForms(t *testing.T) {
	root := repo.Root(t.TempDir())
	const diff = "--- a/02-select/loop.go\n+++ b/02-select/loop.go\n@@ -1 +1 @@\n-one\n+two\n"
	for name, text := range map[string]string{"loop.go": "one\n", "one.diff": diff, "old.diff": strings.Replace(diff, "-one", "-three", 1)} {
		if err := os.MkdirAll(root.Path("02-select"), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(root.Path("02-select/"+name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for form, want := range map[string]string{
		"<!-- exercise: x passes=\"echo\" -->\ntask\n<details><summary>Answer</summary>\n<!-- weave: file 02-select/one.diff -->\n</details>\n":    "",
		"<!-- exercise: x passes=\"nothing\" -->\ntask\n<details><summary>Answer</summary>\n<!-- weave: file 02-select/one.diff -->\n</details>\n": `there is no scenario "nothing"`,
		"<!-- exercise: x passes=\"\" -->\ntask\n<details><summary>Answer</summary>\n<!-- weave: file 02-select/one.diff -->\n</details>\n":        "names no scenario",
		"<!-- exercise: x passes=\"echo\" -->\ntask\n<details><summary>Answer</summary>\n</details>\n":                                             "the answer shows no diff",
		"<!-- exercise: x passes=\"echo\" -->\ntask\n<details><summary>Answer</summary>\n<!-- weave: file 02-select/old.diff -->\n</details>\n":    "02-select/old.diff: 02-select/loop.go: the change no longer applies",
		"<!-- exercise: x passes=\"echo\" -->\ntask\n<details><summary>Answer</summary>\n<!-- weave: file 02-select/other.diff -->\n</details>\n":  "no such file",
		"no comment, no exercise\n": "none",
	} {
		if err := os.WriteFile(root.Path("02-select/README.md"), []byte("### 1. Title (5 minutes)\n\n"+form+"\n## After\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		all, err := ofPage(root, "02-select/README.md", Change)
		switch {
		case want == "":
			if err != nil || len(all) != 1 || all[0].Title != "Title (5 minutes)" || all[0].Task != "task" || all[0].Answers["02-select/loop.go"] != "two\n" {
				t.Errorf("%s\nexpected an exercise, found %v, %v", form, all, err)
			}
		case want == "none":
			if err != nil || len(all) != 0 {
				t.Errorf("%s\nexpected no exercise, found %v, %v", form, all, err)
			}
		case err == nil || !strings.Contains(err.Error(), "02-select/README.md, exercise x: ") || !strings.Contains(err.Error(), want):
			t.Errorf("%s\nexpected an error with %q, found %v", form, want, err)
		}
	}
}

// TestBlanks holds each part that is to be rebuilt to being blank: its comment says
// what to do, and the lesson's text is in the answer.
func TestBlanks(t *testing.T) {
	root, err := repo.FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	all, err := ofPage(root, rebuildPage, Rebuild)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		for name, given := range e.Given {
			if given == e.Answers[name] || !strings.Contains(given, "\t// 1. ") {
				t.Errorf("%s: expected a blank with a comment in %s, found\n%s", e.Name, name, given)
			}
		}
		if !strings.Contains(e.Answer, "```go\n") {
			t.Errorf("%s: expected the lesson's text in the answer, found\n%s", e.Name, e.Answer)
		}
	}
}
