package chart

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/plotter"
)

// points pairs X and Y.
func points(values ...float64) plotter.XYs {
	var xys plotter.XYs
	for pair := range slices.Chunk(values, 2) {
		xys = append(xys, plotter.XY{X: pair[0], Y: pair[1]})
	}
	return xys
}

// Charts, with the text in them.
var charts = []struct {
	name  string
	draw  func(w io.Writer) error
	texts []string
}{
	{"lines", func(w io.Writer) error {
		return Lines(w, Config{Title: "Idle & busy", Subtitle: "ten <seconds>", X: "idle clients", Y: "echoes per second"}, []Line{
			{"select", 1, points(0, 110_000, 100, 90_000, 1000, 31_000)},
			{"poll", 2, points(0, 112_000, 15_000, 2600)},
		})
	}, []string{"Idle & busy", "ten <seconds>", "idle clients", "echoes per second", "select (to 1,000)", "poll", "15,000", "0", "120,000"}},
	{"logarithmic lines", func(w io.Writer) error {
		return Lines(w, Config{Title: "Delays", LogX: true, LogY: true}, []Line{
			{"poll", 0, points(1, 20, 10, 40, 100, 300, 900, 1_500_000)},
		})
	}, []string{"poll", "1", "10", "100", "900", "1,000", "10,000,000"}},
	{"zeros", func(w io.Writer) error {
		return Lines(w, Config{Title: "Delays"}, []Line{{"poll", 0, points(0, 0, 1, 0)}})
	}, []string{"poll", "0", "1"}},
	{"one point", func(w io.Writer) error {
		return Lines(w, Config{Title: "Delays", LogX: true, LogY: true}, []Line{{"poll", 0, points(1, 1)}})
	}, []string{"poll (to 1)", "1"}},
	{"bars", func(w io.Writer) error {
		return Bars(w, Config{Title: "Memory", Y: "KiB per client"}, []Bar{
			{"select", 0.21}, {"blocking", math.NaN()}, {"goroutines", 12.34},
		})
	}, []string{"Memory", "KiB per client", "select", "blocking", "goroutines", "0.21", "–", "12.3"}},
}

func TestCharts(t *testing.T) {
	for _, c := range charts {
		t.Run(c.name, func(t *testing.T) {
			var first, second bytes.Buffer
			if err := errors.Join(c.draw(&first), c.draw(&second)); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(first.Bytes(), second.Bytes()) {
				t.Errorf("two pictures of the same figures differ:\n%s\n%s", &first, &second)
			}
			found := textsIn(t, first.Bytes())
			for _, text := range c.texts {
				if !slices.Contains(found, text) {
					t.Errorf("expected the text %q, but there is only %q", text, found)
				}
			}
			for _, part := range []string{"<title>", "@media (prefers-color-scheme:dark)"} {
				if !strings.Contains(first.String(), part) {
					t.Errorf("expected %s in the picture", part)
				}
			}
			if strings.Contains(first.String(), "NaN") || strings.Contains(first.String(), "Inf") {
				t.Error("something is drawn nowhere")
			}
		})
	}
}

// textsIn returns all texts of an XML document.
func textsIn(t *testing.T, document []byte) []string {
	t.Helper()
	var texts []string
	for decoder := xml.NewDecoder(bytes.NewReader(document)); ; {
		token, err := decoder.Token()
		if err == io.EOF {
			return texts
		}
		if err != nil {
			t.Fatal(err)
		}
		if text, ok := token.(xml.CharData); ok {
			texts = append(texts, strings.TrimSpace(string(text)))
		}
	}
}

func TestErrors(t *testing.T) {
	for _, test := range []struct {
		name string
		xys  plotter.XYs
		want error
	}{
		{"no figures", nil, plotter.ErrNoData},
		{"no number", points(1, math.NaN()), plotter.ErrNaN},
		{"infinite", points(1, math.Inf(1)), plotter.ErrInfinity},
	} {
		err := Lines(io.Discard, Config{Title: "T"}, []Line{{"poll", 0, test.xys}})
		if !errors.Is(err, test.want) || !strings.HasPrefix(err.Error(), `chart "T": poll: `) {
			t.Errorf("%s: expected %v of poll, found %v", test.name, test.want, err)
		}
	}
}
