package main

import (
	"bytes"
	"encoding/xml"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"example.com/echo/docs/recording"
	"example.com/echo/docs/repo"
)

// TestPicturesAreFresh holds all pictures against the recordings.
func TestPicturesAreFresh(t *testing.T) {
	root := findRoot(t)
	drawn := map[string]bool{}
	for _, d := range drawings {
		drawn[d.name+".svg"] = true
		svg, err := d.svg(root)
		if err == nil {
			err = d.stale(root, svg)
		}
		if err != nil {
			t.Error(err)
		}
	}
	files, err := os.ReadDir(root.Path(dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if filepath.Ext(f.Name()) == ".svg" && !drawn[f.Name()] {
			t.Errorf("%s: nothing draws it", filepath.Join(dir, f.Name()))
		}
	}
}

// TestNumbersAreTheRecordings changes each result and descriptor of a wait and
// of an accept in a recording, and expects another picture.
func TestNumbersAreTheRecordings(t *testing.T) {
	root := findRoot(t)
	for _, d := range drawings {
		if d.name == "accept-queue" {
			continue // of calls it shows only which one has not returned
		}
		before, after := &picture{}, &picture{}
		draw := func(p *picture, change func(c *recording.Call)) {
			var lessons []*recording.Recording
			step := 0
			for _, lesson := range d.lessons {
				r, err := recording.Load(root.FS(), lesson, d.script)
				if err != nil {
					t.Fatal(err)
				}
				for i, s := range r.Steps {
					if s.Client == d.client && s.Does == d.does {
						step = i
					}
				}
				for i := range r.Calls {
					if c := &r.Calls[i]; c.Returned > 0 && r.StepAt(c.Returned) == step {
						change(c)
					}
				}
				lessons = append(lessons, r)
			}
			d.draw(p, step, lessons)
		}
		draw(before, func(*recording.Call) {})
		draw(after, func(c *recording.Call) { c.Result += 7 })
		if bytes.Equal(before.svg(), after.svg()) {
			t.Errorf("%s: expected other numbers in the picture of a recording with other results", d.name)
		}
	}
}

// TestCheck draws into a tree of its own, and spoils a picture.
func TestCheck(t *testing.T) {
	d := drawing{name: "one"}
	root := repo.Root(t.TempDir())
	if err := os.MkdirAll(root.Path(dir), 0o777); err != nil {
		t.Fatal(err)
	}
	const want = "docs/pictures/one.svg is missing or stale; go run ./docs/draw makes it anew"
	for _, test := range []struct{ file, svg, want string }{{"<svg/>", "<svg/>", ""}, {"<svg/>", "<svg></svg>", want}} {
		if err := os.WriteFile(root.Path(d.path()), []byte(test.file), 0o666); err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := d.stale(root, []byte(test.svg)); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("expected %q, but found %q", test.want, got)
		}
	}
}

// An element is one of an SVG.
type element struct {
	name  string
	attrs map[string]string
	text  string
}

// elements reads an SVG.
func elements(t *testing.T, svg []byte) (all []element) {
	decoder := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := element{name: token.Name.Local, attrs: map[string]string{}}
			for _, a := range token.Attr {
				e.attrs[a.Name.Local] = a.Value
			}
			all = append(all, e)
		case xml.CharData:
			if len(all) > 0 && all[len(all)-1].text == "" {
				all[len(all)-1].text = strings.TrimSpace(string(token))
			}
		}
	}
}

// TestTexts expects a title and a description, and that every text is inside of
// the picture, as far as that can be told without the reader's fonts.
func TestTexts(t *testing.T) {
	root := findRoot(t)
	for _, d := range drawings {
		svg, err := d.svg(root)
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]string{}
		for _, e := range elements(t, svg) {
			if e.name != "text" {
				found[e.name] = e.text
				continue
			}
			x, _ := strconv.Atoi(e.attrs["x"])
			length := 88 * utf8.RuneCountInString(e.text) / 10 // in DejaVu Sans, which is wide
			switch class := e.attrs["class"]; {
			case strings.Contains(class, "middle"):
				x -= length / 2
			case strings.Contains(class, "end"):
				x -= length
			}
			if x < 0 || x+length > width {
				t.Errorf("%s: the text %q goes from %d to %d, but the picture from 0 to %d", d.name, e.text, x, x+length, width)
			}
		}
		for _, name := range []string{"title", "desc"} {
			if found[name] == "" {
				t.Errorf("%s has no %s", d.name, name)
			}
		}
	}
}

var (
	rule = regexp.MustCompile(`(?m)^([a-z,.]+)\{(.*)\}$`)
	fill = regexp.MustCompile(`fill:#([0-9a-f]{3,6})`)
)

// TestContrast expects that texts can be read on whatever they stand on, in both
// schemes: a contrast of 4.5, as WCAG 2.2, 1.4.3 asks for.
func TestContrast(t *testing.T) {
	light, dark, ok := strings.Cut(style, "@media(prefers-color-scheme:dark)")
	if !ok {
		t.Fatal("the style has no dark scheme")
	}
	for scheme, text := range map[string]string{"light": light, "dark": dark} {
		colours := map[string]string{}
		for _, m := range rule.FindAllStringSubmatch(text, -1) {
			if colour := fill.FindStringSubmatch(m[2]); colour != nil {
				colours[m[1]] = colour[1]
			}
		}
		for _, pair := range [][2]string{
			{"text", ".page"}, {"text", ".box"}, {"text", ".plain"}, {"text", ".set"}, {"text", ".wait"}, {"text", ".win"},
			{".faint", ".page"}, {".faint", ".box"}, {".onmark", ".mark"},
		} {
			a, b := luminance(t, colours[pair[0]]), luminance(t, colours[pair[1]])
			if contrast := (max(a, b) + .05) / (min(a, b) + .05); contrast < 4.5 {
				t.Errorf("%s: %s on %s has a contrast of %.1f, expected at least 4.5", scheme, pair[0], pair[1], contrast)
			}
		}
	}
}

// luminance is WCAG's relative luminance of a colour.
func luminance(t *testing.T, colour string) float64 {
	if len(colour) == 3 {
		colour = string([]byte{colour[0], colour[0], colour[1], colour[1], colour[2], colour[2]})
	}
	value, err := strconv.ParseUint(colour, 16, 24)
	if err != nil || len(colour) != 6 {
		t.Fatalf("no colour: %q", colour)
	}
	sum := 0.
	for i, share := range []float64{.0722, .7152, .2126} {
		c := float64(value>>(8*i)&255) / 255
		if c <= .04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+.055)/1.055, 2.4)
		}
		sum += share * c
	}
	return sum
}

func findRoot(t *testing.T) repo.Root {
	root, err := repo.FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	return root
}
