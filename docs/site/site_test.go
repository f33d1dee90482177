package main

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"example.com/echo/docs/markdown"
	"example.com/echo/docs/repo"
	"example.com/echo/docs/site/compare"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

// built is the site, made once for all tests, which leave it as it is.
var built = sync.OnceValues(func() (*site, error) {
	root, err := repo.FindRoot()
	if err != nil {
		return nil, err
	}
	return build(root)
})

func builtSite(t *testing.T) *site {
	t.Helper()
	s, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func files(t *testing.T) map[string][]byte {
	t.Helper()
	return builtSite(t).files
}

// parsed are the pages of the site as trees of nodes.
var parsed = sync.OnceValues(func() (map[string]*html.Node, error) {
	s, err := built()
	if err != nil {
		return nil, err
	}
	roots := map[string]*html.Node{}
	for name, content := range s.files {
		if path.Ext(name) == ".html" {
			if roots[name], err = html.Parse(bytes.NewReader(content)); err != nil {
				return nil, err
			}
		}
	}
	return roots, nil
})

// pages returns the pages of the site, in order, as trees of nodes.
func pages(t *testing.T) (names []string, roots map[string]*html.Node) {
	t.Helper()
	roots, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(roots)), roots
}

func BenchmarkBuild(b *testing.B) {
	root, err := repo.FindRoot()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := build(root); err != nil {
			b.Fatal(err)
		}
	}
}

// TestLinks follows every link within the site, to its #fragment.
func TestLinks(t *testing.T) {
	names, roots := pages(t)
	anchors := map[string]map[string]bool{}
	for name, root := range roots {
		anchors[name] = map[string]bool{}
		for node := range root.Descendants() {
			anchors[name][markdown.Attr(node, "id")] = true
		}
	}
	for _, name := range names {
		for node := range roots[name].Descendants() {
			for _, key := range []string{"href", "src", "srcset"} {
				link := markdown.Attr(node, key)
				u, err := url.Parse(link)
				if err != nil || u.Scheme != "" && node.Data == "a" {
					continue // to the world outside
				}
				to := name
				if u.Path != "" {
					to = path.Join(path.Dir(name), u.Path)
				}
				switch {
				case u.Scheme != "" || u.Host != "":
					t.Errorf("%s: <%s> asks %s for something", name, node.Data, link)
				case files(t)[to] == nil:
					t.Errorf("%s: expected a file for the link %q, found none", name, link)
				case u.Fragment != "" && anchors[to] != nil && !strings.HasPrefix(to, "replay/") && !anchors[to][u.Fragment]:
					t.Errorf("%s: expected an anchor for the link %q, found none", name, link)
				}
			}
		}
	}
}

// TestMoments holds links to replays to players and moments that exist.
func TestMoments(t *testing.T) {
	s := builtSite(t)
	names, roots := pages(t)
	followed := 0
	for _, name := range names {
		for node := range roots[name].Descendants() {
			to, fragment, hasFragment := strings.Cut(markdown.Attr(node, "href"), "#")
			if !hasFragment || !strings.HasPrefix(path.Join(path.Dir(name), to), "replay/") || fragment == "" || !strings.Contains(fragment, ",") {
				continue
			}
			followed++
			if !s.hasMoment(strings.TrimSuffix(path.Base(to), ".html"), fragment) {
				t.Errorf("%s: expected a moment for the link to %s#%s, found none", name, to, fragment)
			}
		}
	}
	if followed == 0 {
		t.Error("expected links to moments, found none")
	}
}

func (s *site) hasMoment(name, fragment string) bool {
	parts := strings.Split(fragment, ",")
	step, frame, _ := strings.Cut(parts[2], ".")
	for _, sc := range s.scripts {
		for _, p := range sc.Players {
			if sc.Name != name || p.ID != parts[0] {
				continue
			}
			n := 0
			for _, f := range p.Frames {
				if strconv.Itoa(f.Step) == step {
					n++
				}
			}
			number, err := strconv.Atoi(frame)
			return err == nil && number < n && (parts[1] == "" || slices.ContainsFunc(sc.Players, func(p player) bool { return p.ID == parts[1] }))
		}
	}
	return false
}

// TestSizes holds pages with their styles, scripts and data, but without
// pictures, below 200 KB, and the scripts below 15 KB.
func TestSizes(t *testing.T) {
	names, roots := pages(t)
	largest := 0
	for _, name := range names {
		size := len(files(t)[name])
		for node := range roots[name].Descendants() {
			if node.Data == "link" || node.Data == "script" {
				size += len(files(t)[path.Join(path.Dir(name), markdown.Attr(node, "href")+markdown.Attr(node, "src"))])
			}
		}
		var data []int // of the players, of whom two are shown
		for other, content := range files(t) {
			if path.Dir(other) == strings.TrimSuffix(name, ".html") && path.Ext(other) == ".js" {
				data = append(data, len(content))
			}
		}
		slices.Sort(data)
		for _, n := range data[max(0, len(data)-2):] {
			size += n
		}
		if size >= 200_000 {
			t.Errorf("%s: expected less than 200,000 bytes, found %d", name, size)
		}
		largest = max(largest, size)
	}
	scripts := 0
	for name, content := range files(t) {
		if path.Ext(name) == ".js" && !strings.Contains(name, "/") {
			scripts += len(content)
		}
	}
	if scripts >= 15_000 || scripts == 0 {
		t.Errorf("expected less than 15,000 bytes of scripts, found %d", scripts)
	}
	t.Logf("the largest page has %d bytes, all scripts have %d", largest, scripts)
}

// TestValid gives pages to the Nu Html Checker.
func TestValid(t *testing.T) {
	t.Parallel()
	checker, err := exec.LookPath("vnu")
	if err != nil {
		t.Skip("vnu, the Nu Html Checker, is not installed: .ci/run says how")
	}
	names, _ := pages(t)
	dir, checked := t.TempDir(), map[string][]byte{}
	for _, name := range slices.Concat(sample(names, 40), sample(mainPages, 4)) {
		checked[name] = files(t)[name]
	}
	if err := write(checked, dir); err != nil {
		t.Fatal(err)
	}
	text, err := exec.CommandContext(t.Context(), checker, "--errors-only", "--skip-non-html", dir).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, strings.ReplaceAll(string(text), dir, ""))
	}
}

// TestBothFilesAreThere rebuilds both files of every pair from its page, and
// holds what is not marked to be the same on both sides.
func TestBothFilesAreThere(t *testing.T) {
	root, err := repo.FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	_, roots := pages(t)
	for i, a := range repo.Lessons {
		for _, b := range repo.Lessons[i+1:] {
			page := roots[pairPath(a, b)]
			if page == nil {
				t.Errorf("expected a page of %s and %s, found none", a, b)
				continue
			}
			var unmarked [2]string
			for n, side := range []struct{ key, file string }{{"data-left", mainFiles[a]}, {"data-right", mainFiles[b]}} {
				want, err := root.FS().ReadFile(side.file)
				if err != nil {
					t.Fatal(err)
				}
				var found string
				found, unmarked[n] = rebuilt(page, side.key)
				if diff := cmp.Diff(string(want), found); diff != "" {
					t.Errorf("%s and %s: %s (-expected +found):\n%s", a, b, side.file, diff)
				}
			}
			if diff := cmp.Diff(unmarked[0], unmarked[1]); diff != "" {
				t.Errorf("%s and %s: what is not marked differs (-left +right):\n%s", a, b, diff)
			}
		}
	}
}

// rebuilt returns the file that the elements with an attribute have, each a line
// with its number in that, and what of it is not marked. Slashes that begin a
// line of a comment are layout, as blanks are.
func rebuilt(page *html.Node, key string) (file, unmarked string) {
	lines := map[int]string{}
	last := 0
	for node := range page.Descendants() {
		number, err := strconv.Atoi(markdown.Attr(node, key))
		if err != nil {
			continue
		}
		code := node.FirstChild
		lines[number] = markdown.Text(code)
		last = max(last, number)
		bare := ""
		for inner := range code.Descendants() {
			if inner.Type == html.TextNode && inner.Parent.Data != "mark" && inner.Parent.Parent.Data != "mark" {
				bare += inner.Data
			}
		}
		unmarked += strings.TrimPrefix(strings.Join(strings.Fields(bare), ""), "//")
	}
	for n := range last {
		file += lines[n+1] + "\n"
	}
	return file, unmarked
}

// TestFolds shows a declaration that two files share in one line that opens.
func TestFolds(t *testing.T) {
	const source = "package a\n\nfunc run() int {\n\treturn 1\n}\n"
	sections, err := compare.Files(source, source+"\nfunc more() {}\n")
	if err != nil {
		t.Fatal(err)
	}
	body, err := execute("pair.html", &pair{Sections: sections, Same: 1, Differ: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"1 of the 2 declarations that both have differ", `<details class="same"><summary><code>run</code>: the same, 3 lines</summary>`, "<code>more</code>: only on the right"} {
		if !strings.Contains(string(body), want) {
			t.Errorf("expected %q, found\n%s", want, body)
		}
	}
}

// TestHandler asks for files, and tries to get at others.
func TestHandler(t *testing.T) {
	server := httptest.NewServer(handler(files(t)))
	defer server.Close()
	for _, test := range []struct {
		path   string
		status int
	}{
		{"/", 200}, {"/index.html", 200}, {"/02-select/", 200}, {"/site.css", 200}, {"/docs/figures/figures.json", 200},
		{"/02-select", 200}, {"/docs/glossary", 200}, {"/go.work", 404}, {"/../go.work", 404}, {"/%2e%2e/go.work", 404}, {"/..%2fgo.work", 404}, {"//etc/passwd", 404},
		{"/02-select/../index.html", 404}, {"/./index.html", 404}, {"/site.css/", 404}, {"/index.html%00", 404}, {"/..\\go.work", 404}, {"/.git/config", 404},
	} {
		u := *must(t, server.URL)
		u.Opaque = "//" + u.Host + test.path // as it stands, not cleaned
		response, err := http.DefaultClient.Do(&http.Request{Method: "GET", URL: &u})
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != test.status {
			t.Errorf("%s: expected status %d, found %d: %.60s", test.path, test.status, response.StatusCode, content)
		}
		if policy := response.Header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'") {
			t.Errorf("%s: expected a policy, found %q", test.path, policy)
		}
	}
	response, err := http.Post(server.URL, "text/plain", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("expected that POST is not allowed, found %s", response.Status)
	}
}

func must(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// TestPortTaken lets somebody else have the port first.
func TestPortTaken(t *testing.T) {
	first, err := listen("")
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	second, err := listen("") // port 8000 is the first one's, or somebody else's
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if !strings.HasPrefix(second.Addr().String(), "127.0.0.1:") || strings.HasSuffix(second.Addr().String(), ":8000") {
		t.Errorf("expected another port of 127.0.0.1, found %s", second.Addr())
	}
	if _, err := listen(second.Addr().String()); err == nil {
		t.Error("expected an error for an address that is taken, found none")
	}
}

// TestWrite writes the site into a directory.
func TestWrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var out, complaints bytes.Buffer
	if status := run([]string{"-o", dir}, &out, &complaints); status != 0 {
		t.Fatalf("expected status 0, found %d: %s", status, complaints.String())
	}
	for name, want := range files(t) {
		found, err := os.ReadFile(dir + "/" + name)
		if err != nil || !bytes.Equal(found, want) {
			t.Errorf("%s: expected the file that the server has, found another one, or %v", name, err)
		}
	}
}

// TestScriptsAreEnough holds the site to replays for at least eight scripts, each
// with all who can play it.
func TestScriptsAreEnough(t *testing.T) {
	names, _ := pages(t)
	scripts := 0
	for _, name := range names {
		if strings.HasPrefix(name, "replay/") && name != replayIndex {
			scripts++
		}
	}
	if scripts < 8 {
		t.Errorf("expected at least 8 scripts, found %d", scripts)
	}
	s := builtSite(t)
	players := 0
	for _, sc := range s.scripts {
		for _, p := range sc.Players {
			players++
			text := files(t)["replay/"+sc.Name+"/"+p.ID+".js"]
			_, data, _ := bytes.Cut(text, []byte(","))
			if !json.Valid(bytes.TrimSuffix(data, []byte(");\n"))) {
				t.Errorf("%s %s: expected data, found %.40q", sc.Name, p.ID, text)
			}
		}
	}
	files, err := os.ReadDir(s.root.Path("docs/recordings/05-multiworker"))
	if err != nil || players < len(files) {
		t.Errorf("expected a player for each recording, found %d, and %v", players, err)
	}
}

// TestGlossary explains a term of the glossary where a page links to it.
func TestGlossary(t *testing.T) {
	body, err := markdown.Render([]byte("# A page\n\nIt waits in the [accept queue](glossary.md#accept-queue).\n"))
	if err != nil {
		t.Fatal(err)
	}
	s := &site{files: map[string][]byte{}, read: map[string]*document{"docs/glossary.md": {}}, quoted: map[string][]string{}, glossary: map[string]string{"accept-queue": "Where clients <wait>."}}
	root, err := repo.FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	s.root = root
	p := &page{Path: "docs/page.html"}
	if err := s.rewrite(&document{name: "docs/page.md", body: body}, p); err != nil {
		t.Fatal(err)
	}
	const want = `<span class="term"><a href="glossary.html#accept-queue" aria-describedby="term-1">accept queue</a>` +
		`<span class="tip" id="term-1" role="tooltip">Where clients &lt;wait&gt;.</span></span>`
	if !strings.Contains(string(p.Body), want) {
		t.Errorf("expected %s in the page, found\n%s", want, p.Body)
	}
}

// TestPictures holds the pictures of the front page to what the site shows now.
func TestPictures(t *testing.T) {
	root, err := repo.FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	if err := stale(root, files(t)); err != nil {
		t.Error(err)
	}
	changed := maps.Clone(files(t))
	changed["site.css"] = append(slices.Clone(changed["site.css"]), "p { color: red }"...)
	if err := stale(root, changed); err == nil {
		t.Error("expected that a changed style makes pictures stale, found no error")
	}
}
