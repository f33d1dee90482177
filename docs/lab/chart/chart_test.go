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

	"github.com/google/go-cmp/cmp"
)

var none = math.NaN()

// Charts that can be drawn, with the text in them.
var charts = []struct {
	name  string
	draw  func(w io.Writer) error
	texts []string
}{
	{"lines", func(w io.Writer) error {
		return Lines(w, Config{Title: "Idle & busy", Subtitle: "ten <seconds>", X: "idle clients", Y: "echoes per second"}, []Line{
			{"select", []float64{0, 100, 1000}, []float64{110000, 90000, 31000}},
			{"poll", []float64{0, 100, 1000, 15000}, []float64{112000, none, 41000, 2600}},
			{"blocking", []float64{0}, []float64{none}},
		})
	}, []string{"Idle & busy", "ten <seconds>", "idle clients", "echoes per second", "select", "poll", "blocking: –", "15,000", "0"}},
	{"logarithmic lines", func(w io.Writer) error {
		return Lines(w, Config{Title: "Delays", LogX: true, LogY: true}, []Line{
			{"poll", []float64{1, 10, 100, 900}, []float64{20, 40, 300, 1500000}},
		})
	}, []string{"poll", "1", "10", "100", "900", "1,000", "1 M"}},
	{"one point", func(w io.Writer) error {
		return Lines(w, Config{Title: "Delays", LogX: true, LogY: true}, []Line{{"poll", []float64{1}, []float64{1}}})
	}, []string{"poll", "1"}},
	{"zeros", func(w io.Writer) error {
		return Lines(w, Config{Title: "Delays"}, []Line{{"poll", []float64{0}, []float64{0}}})
	}, []string{"poll", "0", "1"}},
	{"bars", func(w io.Writer) error {
		return Bars(w, Config{Title: "Memory", X: "clients", Y: "KiB per client"}, []string{"idle", "busy"}, []Bar{
			{"select", []float64{0.21, none}},
			{"goroutines", []float64{4.7, 12.34}},
		})
	}, []string{"Memory", "clients", "KiB per client", "idle", "busy", "select", "goroutines", "0.21", "–", "12.3"}},
	{"bars of one server", func(w io.Writer) error {
		return Bars(w, Config{Title: "System calls"}, []string{"idle", "busy"}, []Bar{{"select", []float64{0, 1234567}}})
	}, []string{"idle", "busy", "select", "0", "1.23 M"}},
	{"many lines", func(w io.Writer) error {
		var lines []Line
		for name := range strings.FieldsSeq("a b c d e f g h i j k l m n o p q r s t u v w x y z") {
			lines = append(lines, Line{name, []float64{1, 2}, []float64{1, 1}})
		}
		return Lines(w, Config{Title: "Alphabet"}, lines)
	}, []string{"a", "z"}},
}

func TestCharts(t *testing.T) {
	for _, c := range charts {
		t.Run(c.name, func(t *testing.T) {
			var first, second bytes.Buffer
			if err := errors.Join(c.draw(&first), c.draw(&second)); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(first.String(), second.String()); diff != "" {
				t.Errorf("the second picture is not the first (-first +second):\n%s", diff)
			}
			elements := textsIn(t, first.Bytes())
			for _, text := range c.texts {
				if !slices.Contains(elements["text"], text) {
					t.Errorf("expected the text %q, but there is only %q", text, elements["text"])
				}
			}
			if titles := elements["title"]; len(titles) != 1 || titles[0] == "" {
				t.Errorf("expected one title, but found %q", titles)
			}
			if !strings.Contains(strings.Join(elements["style"], ""), "@media (prefers-color-scheme:dark)") {
				t.Error("there is no style for dark pages")
			}
			if strings.Contains(first.String(), "NaN") || strings.Contains(first.String(), "Inf") {
				t.Error("something is drawn nowhere")
			}
		})
	}
}

// textsIn returns the texts of an XML document's elements by their names.
func textsIn(t *testing.T, document []byte) map[string][]string {
	t.Helper()
	texts := map[string][]string{}
	name := ""
	for decoder := xml.NewDecoder(bytes.NewReader(document)); ; {
		token, err := decoder.Token()
		if err == io.EOF {
			return texts
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			name = token.Name.Local
		case xml.CharData:
			if text := strings.TrimSpace(string(token)); text != "" {
				texts[name] = append(texts[name], text)
			}
		}
	}
}

func TestWriteError(t *testing.T) {
	broken := errors.New("the disk is full")
	for _, c := range charts {
		if err := c.draw(failing{broken}); !errors.Is(err, broken) {
			t.Errorf("%s: expected the writer's error, but found %v", c.name, err)
		}
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
