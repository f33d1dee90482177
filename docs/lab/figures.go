//go:build linux

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"example.com/echo/docs/repo"
	"github.com/dustin/go-humanize"
)

// Figures are everything that was measured in one run.
type figures struct {
	Machine repo.Machine
	Quick   bool `json:",omitempty"` // measured in a hurry
	Tables  []*table
}

// A table is what one experiment measured.
type table struct {
	Name, Title string
	X           string // what the figures depend on
	Columns     []column
	Rows        []row
	Remarks     []string // what could not be measured, and why
}

// A column is one kind of figure.
type column struct {
	Name   string
	Digits int // behind the point
}

// A row has the figures of one server at one X: the median of the rounds, by
// column, and the lowest and the highest.
type row struct {
	Server    string
	X         float64
	XText     string `json:",omitempty"` // if X is no number
	Values    map[string]float64
	Low, High map[string]float64 `json:",omitempty"`
}

// add adds a row with the medians of what the rounds gave.
func (t *table) add(server string, x float64, rounds []map[string]float64) {
	r := row{Server: server, X: x, Values: map[string]float64{}, Low: map[string]float64{}, High: map[string]float64{}}
	for name := range rounds[0] {
		var all []float64
		for _, round := range rounds {
			all = append(all, round[name])
		}
		r.Values[name], r.Low[name], r.High[name] = median(all), slices.Min(all), slices.Max(all)
	}
	if len(rounds) == 1 {
		r.Low, r.High = nil, nil
	}
	t.Rows = append(t.Rows, r)
}

// median sorts values.
func median(values []float64) float64 {
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}

// text returns the row's figure in a column, with how far the rounds lie apart.
func (r row) text(c column) string {
	value, ok := r.Values[c.Name]
	if !ok {
		return "–"
	}
	text := number(value, c.Digits)
	if spread := (r.High[c.Name] - r.Low[c.Name]) / 2; r.High != nil && value > 0 && spread/value >= 0.01 {
		text += fmt.Sprintf(" ±%.0f%%", 100*spread/value)
	}
	return text
}

func number(value float64, digits int) string {
	return humanize.FormatFloat("#,###."+strings.Repeat("#", digits), value)
}

func (r row) x() string {
	if r.XText != "" {
		return r.XText
	}
	return number(r.X, 0)
}

// print prints the table for a terminal.
func (t *table) print(out io.Writer) {
	fmt.Fprintf(out, "\n%s: %s\n\n", t.Name, t.Title)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "server\t%s\t", t.X)
	for _, c := range t.Columns {
		fmt.Fprintf(w, "%s\t", c.Name)
	}
	fmt.Fprintln(w)
	for _, r := range t.Rows {
		fmt.Fprintf(w, "%s\t%s\t", r.Server, r.x())
		for _, c := range t.Columns {
			fmt.Fprintf(w, "%s\t", r.text(c))
		}
		fmt.Fprintln(w)
	}
	w.Flush()
	for _, remark := range t.Remarks {
		fmt.Fprintf(out, "\n%s\n", remark)
	}
}

// markdown returns the table for a page.
func (t *table) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "| server | %s |", t.X)
	rule := "\n|---|---:|"
	for _, c := range t.Columns {
		fmt.Fprintf(&b, " %s |", c.Name)
		rule += "---:|"
	}
	b.WriteString(rule + "\n")
	for _, r := range t.Rows {
		fmt.Fprintf(&b, "| %s | %s |", r.Server, r.x())
		for _, c := range t.Columns {
			fmt.Fprintf(&b, " %s |", r.text(c))
		}
		b.WriteByte('\n')
	}
	for _, remark := range t.Remarks {
		fmt.Fprintf(&b, "\n%s\n", remark)
	}
	return b.String()
}

// servers returns the servers of the table in the order of their first rows.
func (t *table) servers() []string {
	var names []string
	for _, r := range t.Rows {
		if !slices.Contains(names, r.Server) {
			names = append(names, r.Server)
		}
	}
	return names
}

const figuresFile = "figures.json"

// write writes the figures into dir, and all that is made of them. Tables that
// dir has and that were not measured this time stay.
func (f *figures) write(dir string) error {
	if old, err := readFigures(dir); err == nil {
		f.keep(old)
	}
	text, err := json.MarshalIndent(f, "", "\t")
	if err != nil {
		return err
	}
	err = errors.Join(os.MkdirAll(dir, 0o777), os.WriteFile(filepath.Join(dir, figuresFile), append(text, '\n'), 0o666))
	if err != nil {
		return err
	}
	return f.draw(dir)
}

// keep takes over the tables that only old has.
func (f *figures) keep(old *figures) {
	tables := map[string]*table{}
	for _, t := range slices.Concat(old.Tables, f.Tables) {
		tables[t.Name] = t
	}
	f.Tables = slices.SortedFunc(maps.Values(tables), func(a, b *table) int {
		return place(a.Name) - place(b.Name)
	})
}

func readFigures(dir string) (*figures, error) {
	text, err := os.ReadFile(filepath.Join(dir, figuresFile))
	if err != nil {
		return nil, err
	}
	f := new(figures)
	return f, json.Unmarshal(text, f)
}
