package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/echo/docs/repo"
	"github.com/google/go-cmp/cmp"
)

// takeTime names the variable of the environment that has tests do what takes
// minutes.
const takeTime = "TAKE_TIME"

// TestPagesAreFresh holds all pages against what they are made of.
func TestPagesAreFresh(t *testing.T) {
	root, err := repo.FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	w := &weaver{root: root, slow: os.Getenv(takeTime) != ""}
	names, err := root.Pages()
	if err != nil {
		t.Fatal(err)
	}
	parts := 0
	for _, name := range names {
		page, err := w.page(name)
		if err != nil {
			t.Error(err)
			continue
		}
		parts += page.parts
		for _, s := range append(page.wrong, page.stale...) {
			t.Error(s)
		}
	}
	if parts == 0 {
		t.Error("no page has a part to be made")
	}
	t.Logf("%d parts in %d pages", parts, len(names))
}

const loopSource = `package loop

// A loop waits.
type loop struct {
	ready int // clients
}

const (
	// most is the limit.
	most  = 3
	least = 1
)

// turn serves
// everybody.
func (l *loop) turn() error {
	// Wait first.
	for l.ready == 0 {
		if err := l.wait(); err != nil {
			return err
		}
	}

	switch {
	case l.ready > most:
		l.ready--
	default:
		l.ready = 0
	}
	return nil
}
`

// tree returns the root of a tree of these files.
func tree(t *testing.T, files map[string]string) repo.Root {
	t.Helper()
	root := repo.Root(t.TempDir())
	for _, dir := range append([]string{"docs"}, repo.Lessons...) {
		files[dir+"/README.md"] += ""
	}
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(root.Path(name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(root.Path(name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// weave returns what a page of one part becomes, or the complaints.
func weave(t *testing.T, source string, isInline bool) string {
	t.Helper()
	comment := "<!-- weave: " + source + " -->"
	page := comment + "\n<!-- end -->\n"
	if isInline {
		page = "of " + comment + "<!-- end -->"
	}
	w := &weaver{root: tree(t, map[string]string{
		"02-select/loop/loop.go":      loopSource,
		"02-select/testdata/echo.log": "Created server sock <socket.socket fd=3, family=2, type=1, proto=0, laddr=('127.0.0.1', <port>)>\nClosed client sock <socket.socket fd=8, family=2, type=1, proto=0, laddr=('127.0.0.1', <port>), raddr=('127.0.0.1', <alice>)>\n",
		"docs/figures/figures.json":   `{"Tables": [{"Name": "idle", "X": "clients", "Columns": [{"Name": "echoes/s"}], "Rows": [{"Server": "poll", "X": 10000, "Values": {"echoes/s": 8634.2}}, {"Server": "net, goroutines", "X": 0, "Values": {"echoes/s": 1}}]}]}`,
		"02-select/README.md":         page,
	})}
	made, err := w.page("02-select/README.md")
	if err != nil {
		return err.Error()
	}
	if len(made.wrong) > 0 {
		return strings.Join(made.wrong, "\n")
	}
	if isInline {
		return strings.TrimSuffix(strings.TrimPrefix(made.text, "of "+comment), "<!-- end -->")
	}
	return strings.TrimSuffix(strings.TrimPrefix(made.text, comment+"\n"), "<!-- end -->\n")
}

func TestBlocks(t *testing.T) {
	const file = "02-select/loop/loop.go "
	for _, test := range []struct{ source, want string }{
		{"go " + file + "loop", "```go\n// A loop waits.\ntype loop struct {\n\tready int // clients\n}\n```\n"},
		{"go doc=no " + file + "loop", "```go\ntype loop struct {\n\tready int // clients\n}\n```\n"},
		{"go " + file + "least", "```go\nconst (\n\t// most is the limit.\n\tmost  = 3\n\tleast = 1\n)\n```\n"},
		{"go " + file + `least "most is"`, "```go\n// most is the limit.\nmost  = 3\n```\n"},
		{"go " + file + `loop.turn "Wait first"`, "```go\n// Wait first.\nfor l.ready == 0 {\n\tif err := l.wait(); err != nil {\n\t\treturn err\n\t}\n}\n```\n"},
		{"go " + file + `loop.turn "if err" "return err"`, "```go\nif err := l.wait(); err != nil {\n\treturn err\n```\n"},
		{"go " + file + `loop.turn "case l.ready"`, "```go\ncase l.ready > most:\n\tl.ready--\n```\n"},
		{"go " + file + `loop.turn "ready--" "return nil"`, "```go\n\tl.ready--\ndefault:\n\tl.ready = 0\n}\nreturn nil\n```\n"},
		{"go lines=1 " + file, "```go\npackage loop\n```\n"},
		{"file lines=2 sockets=short 02-select/testdata/echo.log", "```text\nClosed client sock <socket.socket fd=8, … raddr=('127.0.0.1', <alice>)>\n```\n"},
		{"file lines=1-1 cut=20 02-select/testdata/echo.log", "```text\nCreated server sock…\n```\n"},
		{"file cut=1000 02-select/testdata/echo.log", "```text\nCreated server sock <socket.socket fd=3, family=2, type=1, proto=0, laddr=('127.0.0.1', 1337)>\nClosed client sock <socket.socket fd=8, family=2, type=1, proto=0, laddr=('127.0.0.1', 1337), raddr=('127.0.0.1', <alice>)>\n```\n"},
		{"table idle poll", "| server | clients | echoes/s |\n|---|---:|---:|\n| poll | 10,000 | 8,634 |\n"},
		{`run hide=numbers echo "pid=12 127.0.0.1:1337 ('::1', 40000)  "; echo '` + "```" + `'`, "````text\npid=<pid> 127.0.0.1:<port> ('::1', <port>)\n```\n````\n"},
		{"run status=3 echo no >&2; exit 3", "```text\nno\n```\n"},
		{"slow exit 1", ""},
	} {
		if diff := cmp.Diff(test.want, weave(t, test.source, false)); diff != "" {
			t.Errorf("%s: -expected +made\n%s", test.source, diff)
		}
	}
}

func TestWords(t *testing.T) {
	for _, test := range []struct{ source, want string }{
		{"link 02-select/loop/loop.go loop.turn", "[loop/loop.go](loop/loop.go#L14-L31)"},
		{`link text="the wait" 02-select/loop/loop.go loop.turn "for "`, "[the wait](loop/loop.go#L18-L22)"},
		{`figure idle poll 10000 echoes/s`, "8,634"},
		{`figure idle "net, goroutines" 0 "echoes/s"`, "1"},
		{"added 02-select/loop/loop.go 02-select/testdata/echo.log", "2"},
		{"deleted 02-select/loop/loop.go 02-select/testdata/echo.log", "31"},
		{"run cat 02-select/loop/loop.go | wc -l", "31"},
	} {
		if got := weave(t, test.source, true); got != test.want {
			t.Errorf("%s: expected %q, but it makes %q", test.source, test.want, got)
		}
	}
}

func TestComplaints(t *testing.T) {
	for _, test := range []struct{ source, want string }{
		{"lines x", `there is no "lines" on lines of its own; there are exercises, file, go, machine, `},
		{"go 02-select/no.go", "no such file"},
		{"go 02-select/loop/loop.go loop.go", "the file declares no loop.go"},
		{`go 02-select/loop/loop.go loop.turn "case" "type"`, `no line with "type" is there`},
		{"go 02-select/loop/loop.go a b c d", "want the arguments FILE [NAME] [FIRST] [LAST]"},
		{"file short=yes 02-select/testdata/echo.log", "it has no options short"},
		{"file lines=2-3 02-select/testdata/echo.log", "lines=2-3: want lines of 1 to 2"},
		{"file cut=x 02-select/testdata/echo.log", "cut=x: want a column"},
		{"table busy", `no experiment "busy" was done`},
		{"run false", "expected status 0, but it is 1"},
	} {
		if got := weave(t, test.source, false); !strings.HasPrefix(got, "02-select/README.md:1: "+test.source+": ") || !strings.Contains(got, test.want) {
			t.Errorf("%s: expected the page, the line, the source and %q, but it says %q", test.source, test.want, got)
		}
	}
}

// TestStale changes a token of a quoted declaration.
func TestStale(t *testing.T) {
	const comment = "\n<!-- weave: go 02-select/loop.go turn -->\n"
	w := &weaver{root: tree(t, map[string]string{
		"02-select/loop.go":   "package loop\n\nfunc turn() bool { return 1 < 2 }\n",
		"02-select/README.md": comment + "```go\nfunc turn() bool { return 1 > 2 }\n```\n",
	})}
	page, err := w.page("02-select/README.md")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"02-select/README.md:2: go 02-select/loop.go turn: is stale; go run ./docs/weave makes it anew"}
	if diff := cmp.Diff(want, page.stale); diff != "" {
		t.Errorf("-expected +found stale:\n%s", diff)
	}
	if want := comment + "```go\nfunc turn() bool { return 1 < 2 }\n```\n"; page.text != want {
		t.Errorf("expected the page to become\n%s\nbut it becomes\n%s", want, page.text)
	}
}
