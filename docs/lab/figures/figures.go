// Package figures is what the laboratory measured: tables, as docs/figures/figures.json
// keeps them, and their text for terminals and pages.
package figures

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"example.com/echo/docs/repo"
	"github.com/dustin/go-humanize"
)

// Figures are everything that was measured, in one run or several.
type Figures struct {
	Machine repo.Machine
	Quick   bool `json:",omitempty"` // measured in a hurry
	Tables  []*Table
}

// A Table is what one experiment measured.
type Table struct {
	Name, Title string
	X           string // what the figures depend on
	Columns     []Column
	Rows        []Row
	Remarks     []string // what could not be measured, and why
}

// A Column is one kind of figure.
type Column struct {
	Name   string
	Digits int // behind the point
}

// A Row has the figures of one server at one X: the median of the rounds, by
// column, and the lowest and the highest.
type Row struct {
	Server    string
	X         float64
	XText     string `json:",omitempty"` // if X is no number
	Values    map[string]float64
	Low, High map[string]float64 `json:",omitempty"`
}

// Add adds a row with the medians of what the rounds gave.
func (t *Table) Add(server string, x float64, rounds []map[string]float64) {
	r := Row{Server: server, X: x, Values: map[string]float64{}, Low: map[string]float64{}, High: map[string]float64{}}
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

// Text returns the row's figure in a column, with how far the rounds lie apart.
func (r Row) Text(c Column) string {
	value, ok := r.Values[c.Name]
	if !ok {
		return "–"
	}
	text := Number(value, c.Digits)
	if spread := (r.High[c.Name] - r.Low[c.Name]) / 2; r.High != nil && value > 0 && spread/value >= 0.01 {
		text += fmt.Sprintf(" ±%.0f%%", 100*spread/value)
	}
	return text
}

// Number returns the value as text, with commas between thousands, and at most so
// many digits behind the point.
func Number(value float64, digits int) string {
	return humanize.FormatFloat("#,###."+strings.Repeat("#", digits), value)
}

// XLabel returns X as text.
func (r Row) XLabel() string {
	if r.XText != "" {
		return r.XText
	}
	return Number(r.X, 0)
}

// Print prints the table for a terminal.
func (t *Table) Print(out io.Writer) {
	fmt.Fprintf(out, "\n%s: %s\n\n", t.Name, t.Title)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "server\t%s\t", t.X)
	for _, c := range t.Columns {
		fmt.Fprintf(w, "%s\t", c.Name)
	}
	fmt.Fprintln(w)
	for _, r := range t.Rows {
		fmt.Fprintf(w, "%s\t%s\t", r.Server, r.XLabel())
		for _, c := range t.Columns {
			fmt.Fprintf(w, "%s\t", r.Text(c))
		}
		fmt.Fprintln(w)
	}
	w.Flush()
	for _, remark := range t.Remarks {
		fmt.Fprintf(out, "\n%s\n", remark)
	}
}

// Markdown returns the table for a page.
func (t *Table) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "| server | %s |", t.X)
	rule := "\n|---|---:|"
	for _, c := range t.Columns {
		fmt.Fprintf(&b, " %s |", c.Name)
		rule += "---:|"
	}
	b.WriteString(rule + "\n")
	for _, r := range t.Rows {
		fmt.Fprintf(&b, "| %s | %s |", r.Server, r.XLabel())
		for _, c := range t.Columns {
			fmt.Fprintf(&b, " %s |", r.Text(c))
		}
		b.WriteByte('\n')
	}
	for _, remark := range t.Remarks {
		fmt.Fprintf(&b, "\n%s\n", remark)
	}
	return b.String()
}

// Servers returns the servers of the table in the order of their first rows.
func (t *Table) Servers() []string {
	var names []string
	for _, r := range t.Rows {
		if !slices.Contains(names, r.Server) {
			names = append(names, r.Server)
		}
	}
	return names
}

// Remark adds a remark, once.
func (t *Table) Remark(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(t.Remarks, text) {
		t.Remarks = append(t.Remarks, text)
	}
}

// Table returns the table of an experiment, nil if it was not done.
func (f *Figures) Table(experiment string) *Table {
	i := slices.IndexFunc(f.Tables, func(t *Table) bool { return t.Name == experiment })
	if i < 0 {
		return nil
	}
	return f.Tables[i]
}

// File is the name of the file that a directory of figures has.
const File = "figures.json"

// Read reads the figures of a directory.
func Read(dir string) (*Figures, error) {
	text, err := os.ReadFile(dir + "/" + File)
	if err != nil {
		return nil, err
	}
	f := new(Figures)
	return f, json.Unmarshal(text, f)
}

// Write writes the figures into a directory, which it makes. Tables that the
// directory has and that f lacks stay.
func (f *Figures) Write(dir string) error {
	if old, err := Read(dir); err == nil {
		f.Tables = merge(old.Tables, f.Tables)
	}
	text, err := json.MarshalIndent(f, "", "\t")
	if err != nil {
		return err
	}
	return errors.Join(os.MkdirAll(dir, 0o777), os.WriteFile(dir+"/"+File, append(text, '\n'), 0o666))
}

// merge returns the old tables with the new ones in their places, or after them.
func merge(old, new []*Table) []*Table {
	tables := slices.Clone(old)
	for _, t := range new {
		if i := slices.IndexFunc(old, func(o *Table) bool { return o.Name == t.Name }); i >= 0 {
			tables[i] = t
		} else {
			tables = append(tables, t)
		}
	}
	return tables
}
