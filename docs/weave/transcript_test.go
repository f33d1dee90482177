package main

import (
	"strings"
	"testing"

	"example.com/echo/docs/recording"
	"github.com/google/go-cmp/cmp"
)

// played returns a recording of a script of two steps, made when the file loop.go
// was as source.
func played(t *testing.T, lesson, call string) string {
	t.Helper()
	text, err := (&recording.Recording{
		Lesson: lesson, Script: "one", About: "One client.", Clients: []string{"alice"},
		Processes: []recording.Process{{Name: "server", Ended: 6, Status: "0"}},
		Frames:    []recording.Frame{{Function: "loop.turn", File: "02-select/loop/loop.go", Line: 3, Text: "func turn() { wait() }"}},
		Steps:     []recording.Step{{At: 0, Text: "The server starts."}, {At: 2, Text: "alice connects."}, {At: 5, Text: "It ends."}},
		Calls: []recording.Call{
			{Entered: 1, Returned: 3, Row: "server", Name: call, FD: -1, Result: 1},
			{Entered: 4, Row: "server", Name: call, FD: -1},
		},
	}).Encode()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTranscript(t *testing.T) {
	const (
		page = "02-select/README.md"
		loop = "package loop\n\nfunc turn() { wait() }\n"
		both = "02-select                                              04-epoll\n\n"
	)
	for _, test := range []struct{ source, loop, want string }{
		{"02-select one", loop, "The server starts.\n  select(0, readers [], writers []) waits\n\nalice connects.\n  select(0, readers [], writers []) = 1\n  select(0, readers [], writers []) waits\n\nIt ends.\n  ends, status 0\n"},
		{"steps=1 lines=2-3 02-select one", loop, "  select(0, readers [], writers []) = 1\n  select(0, readers [], writers []) waits\n"},
		{"steps=2-2 02-select 04-epoll one", loop, both + "It ends.\n  ends, status 0                                         ends, status 0\n"},
		{"steps=0-0 02-select 04-epoll one", loop, both + "The server starts.\n  select(0, readers [], writers []) waits                epoll_wait() waits\n"},
		{"steps=1-3 02-select one", loop, "steps=1-3: want steps of 0 to 2"},
		{"steps=two 02-select one", loop, "steps=two: want steps of 0 to 2"},
		{"one", loop, "want the arguments LESSON [LESSON2] SCRIPT"},
		{"02-select two", loop, "there is no recording docs/recordings/02-select/two.json; go run ./docs/record -list prints"},
		{"03-poll 02-select one", loop, "there is no recording docs/recordings/03-poll/one.json"},
		{"02-select one", "package loop\n\nfunc turn() { wait(1) }\n", "docs/recordings/02-select/one.json is stale; go run ./docs/record makes it anew: 02-select/loop/loop.go:3 was"},
		{"02-select 04-epoll one", "package loop\n\n\nfunc turn() { wait() }\n", "docs/recordings/02-select/one.json is stale"},
	} {
		source := "transcript " + test.source
		w := &weaver{root: tree(t, map[string]string{
			"02-select/loop/loop.go":             test.loop,
			"docs/recordings/02-select/one.json": played(t, "02-select", "select"),
			"docs/recordings/04-epoll/one.json":  played(t, "04-epoll", "epoll_wait"),
			page:                                 "<!-- weave: " + source + " -->\n",
		})}
		made, err := w.page(page)
		if err != nil {
			t.Fatal(err)
		}
		want := "```text\n" + test.want + "```\n"
		if len(made.wrong) > 0 {
			if wrong := made.wrong[0]; !strings.HasPrefix(wrong, page+":1: "+source+": "+test.want) {
				t.Errorf("%s: expected the page, the line, the source and %q, but it says %q", source, test.want, wrong)
			}
		} else if diff := cmp.Diff(want, strings.TrimPrefix(made.text, "<!-- weave: "+source+" -->\n")); diff != "" {
			t.Errorf("%s: -expected +made\n%s", source, diff)
		}
	}
}

// TestDiff weaves a diff, in a part that ends with a comment, twice.
func TestDiff(t *testing.T) {
	const (
		page  = "02-select/README.md"
		diff  = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"
		woven = "<!-- weave: file 02-select/x.diff -->\n```diff\n" + diff + "```\n<!-- end -->\n"
	)
	for _, before := range []string{"<!-- weave: file 02-select/x.diff -->\n<!-- end -->\n", woven} {
		w := &weaver{root: tree(t, map[string]string{"02-select/x.diff": diff, page: before})}
		made, err := w.page(page)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(woven, made.text); diff != "" {
			t.Errorf("-expected +made\n%s", diff)
		}
	}
}
