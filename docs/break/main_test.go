package main

import (
	"os"
	"runtime"
	"strings"
	"testing"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/mutants"
	"example.com/echo/docs/lessons"
	"example.com/echo/docs/markdown"
	"example.com/echo/docs/repo"
)

func TestMain(m *testing.M) { echotest.Main(m) }

// TestMutants plays all faults of all lessons, as TestMutants/LESSON/FAULT.
func TestMutants(t *testing.T) {
	root, err := repo.FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	mutants.Test(t, string(root), lessons.All)
}

func TestArguments(t *testing.T) {
	for _, test := range []struct {
		args        string
		status      int
		out, errors string // a part of it
	}{
		{"", 0, "  no-eintr ", ""},
		{"04-epoll", 0, "  edge-triggered ", ""},
		{"-h", 0, "", "usage: go run ./docs/break [LESSON [FAULT]]\n"},
		{"-update", 2, "", "flag provided but not defined: -update\n"},
		{"06-more", 2, "", `break: no lesson "06-more"; there are 01-blocking, 02-select, `},
		{"02-select no-such", 2, "", `break: no fault "no-such" of 02-select; there are `},
		{"02-select no-eintr more", 2, "", "usage: "},
	} {
		var out, errors strings.Builder
		status := run(strings.Fields(test.args), &out, &errors)
		if status != test.status || !strings.Contains(out.String(), test.out) || !strings.Contains(errors.String(), test.errors) {
			t.Errorf("break %s: expected status %d, %q and %q, but got %d,\n%s\n%s",
				test.args, test.status, test.out, test.errors, status, &out, &errors)
		}
	}
}

func TestShow(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the faults are noticed in ways that only Linux has")
	}
	var out, errors strings.Builder
	if status := run([]string{"02-select", "no-eintr"}, &out, &errors); status != 0 {
		t.Fatalf("expected status 0, but got %d: %s", status, &errors)
	}
	for _, part := range []string{"  -\t\treturn nil\n", "Played: signal-storm\n", "server expected to go on\n", "Explained in docs/pitfalls.md#"} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("expected %q to be told, but all is:\n%s", part, &out)
		}
	}
}

// TestExplained holds the pages that are to explain the faults to being there,
// with the section.
func TestExplained(t *testing.T) {
	root, err := repo.FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	all, err := find(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		page, anchor, _ := strings.Cut(m.Explained, "#")
		text, err := os.ReadFile(root.Path(page))
		if err != nil {
			t.Errorf("%s %s: %v", m.Lesson.Name, m.Name, err)
			continue
		}
		found := anchor == ""
		for line := range strings.Lines(string(text)) {
			if heading, ok := strings.CutPrefix(line, "#"); ok {
				heading = strings.TrimSpace(strings.TrimLeft(heading, "#"))
				found = found || markdown.Anchor(heading) == anchor
			}
		}
		if !found {
			t.Errorf("%s %s is explained in %s, which has no such heading", m.Lesson.Name, m.Name, m.Explained)
		}
	}
}
