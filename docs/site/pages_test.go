package main

import (
	"slices"
	"strings"
	"testing"

	"example.com/echo/docs/repo"
	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// mainPages are one page of each kind.
var mainPages = []string{
	"index.html", "02-select/index.html", "docs/matrix.html", "docs/pitfalls.html", "docs/figures/index.html", "compare/index.html",
	"compare/02-select+03-poll.html", "compare/01-blocking+05-multiworker.html", "replay/index.html", "replay/two-clients.html",
	"replay/worker-killed.html", "scenarios/second-speaks-first.html", "02-select/selectloop/loop.go.html",
}

// TestPagesInABrowser loads every page at the width of a telephone: without an
// error, a request to anybody else, or scrolling to the side.
func TestPagesInABrowser(t *testing.T) {
	t.Parallel()
	b := openTab(t, files(t))
	b.width(360)
	names, _ := pages(t)
	for _, name := range slices.Concat(sample(names, 40), sample(mainPages, 2)) {
		b.open(name)
		for _, complaint := range b.complaints() {
			t.Errorf("%s: %s", name, complaint)
		}
		if width := ask[int](b, "document.documentElement.scrollWidth"); width > 360 {
			t.Errorf("%s: expected a width of 360, found %d", name, width)
		}
	}
}

// TestComplaints holds the browser to complain of what the policy forbids: else
// the test above would see nothing.
func TestComplaints(t *testing.T) {
	t.Parallel()
	b := openTab(t, map[string][]byte{"index.html": []byte(`<!DOCTYPE html><title>x</title><p style="color:red">x<script>alert(1)</script><img src="http://127.0.0.2:1/x.png">`)})
	b.open("index.html")
	all := strings.Join(b.complaints(), "\n")
	for _, want := range []string{"inline style", "inline script", "127.0.0.2:1"} {
		if !strings.Contains(all, want) {
			t.Errorf("expected a complaint of %q, found\n%s", want, all)
		}
	}
}

// TestNames holds every control to have a name in the accessibility tree.
func TestNames(t *testing.T) {
	t.Parallel()
	b := openTab(t, files(t))
	for _, name := range sample(mainPages, 2) {
		b.open(name)
		nodes := call(b, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{}).Nodes
		controls := 0
		for _, node := range nodes {
			if node.Ignored || node.Role == nil || !slices.Contains([]string{`"button"`, `"link"`, `"slider"`, `"combobox"`, `"radio"`, `"table"`, `"navigation"`, `"img"`, `"image"`}, string(node.Role.Value)) {
				continue
			}
			controls++
			role := string(node.Role.Value)
			if role != `"table"` && (node.Name == nil || strings.Trim(string(node.Name.Value), `" `) == "") {
				t.Errorf("%s: expected a name for every control, found a %s without one: %v", name, role, node.Properties)
			}
		}
		if controls == 0 {
			t.Errorf("%s: expected controls, found none", name)
		}
	}
}

// TestSchemes compares light and dark, and computes the contrast of every text.
func TestSchemes(t *testing.T) {
	t.Parallel()
	b := openTab(t, files(t))
	for _, name := range sample(mainPages, 4) {
		grounds := map[string]bool{}
		for _, scheme := range []string{"light", "dark"} {
			b.prefer("prefers-color-scheme", scheme)
			b.open(name)
			grounds[ask[string](b, "getComputedStyle(document.body).backgroundColor")] = true
			found := ask[map[string]struct {
				Ratio float64
				Text  string
			}](b, "contrasts()")
			for colours, c := range found {
				if c.Ratio < 4.5 {
					t.Errorf("%s, %s: expected a contrast of 4.5, found %.2f of %s: %q", name, scheme, c.Ratio, colours, c.Text)
				}
			}
			if len(found) < 2 {
				t.Errorf("%s: expected texts, found %d colours", name, len(found))
			}
		}
		if len(grounds) != 2 {
			t.Errorf("%s: expected that light and dark differ, found %v", name, grounds)
		}
	}
}

// TestReducedMotion looks for what moves.
func TestReducedMotion(t *testing.T) {
	t.Parallel()
	b := openTab(t, files(t))
	for _, name := range sample(mainPages, 5) {
		for _, test := range []struct {
			preference string
			moves      bool
		}{{"reduce", false}, {"no-preference", true}} {
			b.prefer("prefers-reduced-motion", test.preference)
			b.open(name)
			if n := ask[int](b, "moving()"); n > 0 != test.moves {
				t.Errorf("%s: with %s, expected that something moves: %t, found %d elements", name, test.preference, test.moves, n)
			}
		}
	}
}

// TestDifferencesByKey goes from difference to difference.
func TestDifferencesByKey(t *testing.T) {
	t.Parallel()
	b := openTab(t, files(t))
	b.open(pairPath(repo.Lessons[1], repo.Lessons[2]))
	all := ask[int](b, `document.querySelectorAll(".difference").length`)
	if all < 5 {
		t.Fatalf("expected differences, found %d", all)
	}
	at := func() string { return ask[string](b, "document.activeElement.id") }
	for _, step := range []struct{ key, want string }{{"n", "d1"}, {"n", "d2"}, {"n", "d3"}, {"p", "d2"}, {"p", "d1"}, {"p", "d1"}} {
		b.do(chromedp.KeyEvent(step.key))
		if found := at(); found != step.want {
			t.Errorf("after %s: expected difference %s, found %s", step.key, step.want, found)
		}
	}
	b.do(chromedp.Click(chromedp.ID("next")))
	if found := ask[string](b, `document.querySelector("#which").textContent`); !strings.HasPrefix(found, "2 of ") {
		t.Errorf("expected difference 2, found %q", found)
	}
}

// TestOneColumn shows one side at a time on a telephone, and the other one at the
// reader's choice.
func TestOneColumn(t *testing.T) {
	t.Parallel()
	b := openTab(t, files(t))
	b.width(360)
	b.open(pairPath(repo.Lessons[1], repo.Lessons[2]))
	seen := func() [2]bool {
		return ask[[2]bool](b, `[isSeen(document.querySelector(".row pre.l")), isSeen(document.querySelector(".row pre.r"))]`)
	}
	if found := seen(); found != [2]bool{true, false} {
		t.Errorf("expected the left side, found %v", found)
	}
	b.do(chromedp.Click(chromedp.ID("show-right")))
	if found := seen(); found != [2]bool{false, true} {
		t.Errorf("expected the right side, found %v", found)
	}
}

// TestCopy copies commands.
func TestCopy(t *testing.T) {
	t.Parallel()
	b := openTab(t, files(t))
	b.open("02-select/index.html")
	if n := ask[[2]int](b, `[document.querySelectorAll(".commands").length, document.querySelectorAll(".commands .copy").length]`); n[0] == 0 || n[0] != n[1] {
		t.Fatalf("expected a button for each block of commands, found %v", n)
	}
	b.do(chromedp.Click(chromedp.CSS(".copy")))
	if _, err := chromedp.Run(b.ctx, chromedp.Poll[bool](`document.querySelector(".copy").textContent !== "Copy"`)); err != nil {
		t.Fatal(err)
	}
	// A browser without a clipboard has the commands selected.
	text := ask[string](b, `document.querySelector(".copy").textContent + ":" + getSelection()`)
	if text != "Copied:" && !strings.HasPrefix(text, "Selected:go run") {
		t.Errorf("expected that the commands are copied or selected, found %q", text)
	}
}

// TestFiguresOnFocus shows the figure at a point of a chart.
func TestFiguresOnFocus(t *testing.T) {
	t.Parallel()
	b := openTab(t, files(t))
	b.open("docs/figures/index.html")
	text := ask[string](b, `(() => { const point = document.querySelector(".point"); const before = isSeen(point.querySelector("text")); point.focus(); return before + " " + isSeen(point.querySelector("text")) + " " + point.textContent })()`)
	if !strings.HasPrefix(text, "false true ") || !strings.Contains(text, " at ") {
		t.Errorf("expected a figure on focus only, found %q", text)
	}
	b.do(chromedp.KeyEvent(kb.ArrowRight))
	if next := ask[string](b, "document.activeElement.textContent"); next == "" || strings.HasSuffix(text, next) {
		t.Errorf("expected that an arrow key leads to the next point, found %q after %q", next, text)
	}
	if stops := ask[[]int](b, `[...document.querySelectorAll(".chart")].map(chart => chart.querySelectorAll('.point[tabindex="0"]').length)`); slices.Max(stops) != 1 {
		t.Errorf("expected one stop of the Tab key at each chart, found %v", stops)
	}
}

// TestTerms shows an explanation on focus, and hides it on Escape.
func TestTerms(t *testing.T) {
	t.Parallel()
	const page = `<!DOCTYPE html><html lang="en"><title>x</title><link rel="stylesheet" href="site.css"><script src="site.js" defer></script>` +
		`<p><span class="term"><a href="#x" aria-describedby="term-1">queue</a><span class="tip" id="term-1" role="tooltip">explained</span></span></p>`
	b := openTab(t, map[string][]byte{"index.html": []byte(page), "site.css": files(t)["site.css"], "site.js": files(t)["site.js"]})
	b.open("index.html")
	seen := func() bool { return ask[bool](b, `isSeen(document.querySelector(".tip"))`) }
	if seen() {
		t.Error("expected no explanation before the term has the focus")
	}
	b.do(chromedp.KeyEvent(kb.Tab))
	if !seen() {
		t.Error("expected an explanation when the term has the focus")
	}
	b.do(chromedp.KeyEvent(kb.Escape))
	if seen() {
		t.Error("expected no explanation after Escape")
	}
}
