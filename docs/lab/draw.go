//go:build linux

package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"example.com/echo/docs/lab/chart"
	"example.com/echo/docs/repo"
	"example.com/echo/docs/splice"
	"gonum.org/v1/plot/plotter"
)

// A picture is a chart of one column of an experiment's table.
type picture struct {
	experiment string
	column     column
	y          string // what the column is, if its name alone does not say
	file       string
	title      string
	logX, logY bool
	draw       func(io.Writer, *picture, *figures, *table) error
}

var pictures = []picture{
	{experiment: "throughput", column: echoesPerSecond, file: "throughput.svg", title: "Echoes per second, all clients busy", logX: true, draw: drawLines},
	{experiment: "idle", column: echoesPerSecond, file: "idle.svg", title: "100 busy clients among idle ones: echoes per second", draw: drawLines},
	{experiment: "idle", column: timePerEcho, file: "idle-time.svg", title: "100 busy clients among idle ones: time per echo", draw: drawLines},
	{experiment: "latency", column: column{Name: "50"}, y: "µs from sending to the echo, the median", file: "latency.svg", title: "Latency at 20,000 messages per second", logY: true, draw: drawLines},
	{experiment: "memory", column: bytesPerConnection, file: "memory.svg", title: "The server's memory for an idle connection", draw: drawBars},
	{experiment: "workers", column: echoesPerSecond, file: "workers.svg", title: "100 busy clients, by number and kind of workers", logX: true, draw: drawLines},
	{experiment: "spread", column: inVain, file: "spread.svg", title: "Four workers: accepts in vain", draw: drawBars},
	{experiment: "calls", column: examined, file: "calls.svg", title: "What a wait looks at", draw: drawLines},
	{experiment: "ratios", column: inRelation, y: "echoes/s, in relation to C", file: "ratios.svg", title: "Echoes per second, in relation to a C epoll loop", draw: drawBars},
}

const (
	command  = "docs/lab" // by its name in the page
	pageFile = "README.md"
)

// draw writes the charts into dir, and the tables into the page there. If there
// is no page yet, it is that of docs/figures with other figures.
func (f *figures) draw(dir string) error {
	for i := range pictures {
		p := &pictures[i]
		t := f.table(p.experiment)
		if t == nil {
			continue
		}
		var svg bytes.Buffer
		if err := p.draw(&svg, p, f, t); err != nil {
			return fmt.Errorf("%s: %w", p.file, err)
		}
		if err := os.WriteFile(filepath.Join(dir, p.file), svg.Bytes(), 0o666); err != nil {
			return err
		}
	}
	page := filepath.Join(dir, pageFile)
	if _, err := os.Stat(page); errors.Is(err, fs.ErrNotExist) {
		root, err := repo.FindRoot()
		if err != nil {
			return err
		}
		text, err := os.ReadFile(root.Path("docs/figures/" + pageFile))
		if err != nil {
			return err
		}
		if err := os.WriteFile(page, text, 0o666); err != nil {
			return err
		}
	}
	return splice.File(page, command, f.part)
}

// part returns a part of the page: the machine, or an experiment's charts and
// table.
func (f *figures) part(name string) (string, error) {
	if name == "machine" {
		return fmt.Sprintf("Measured on %v.\n", f.Machine), nil
	}
	if place(name) < 0 {
		return "", fmt.Errorf("no experiment %q", name)
	}
	t := f.table(name)
	if t == nil {
		return "Not measured.\n", nil
	}
	var b strings.Builder
	for _, p := range pictures {
		if p.experiment == name {
			fmt.Fprintf(&b, "![%s](%s)\n\n", p.title, p.file)
		}
	}
	b.WriteString(t.markdown())
	return b.String(), nil
}

// table returns the table of an experiment, nil if it was not done.
func (f *figures) table(experiment string) *table {
	i := slices.IndexFunc(f.Tables, func(t *table) bool { return t.Name == experiment })
	if i < 0 {
		return nil
	}
	return f.Tables[i]
}

// config is what all charts say.
func (p *picture) config(f *figures, t *table) chart.Config {
	return chart.Config{
		Title:    p.title,
		Subtitle: f.Machine.Short() + ", " + f.Machine.Date,
		X:        t.X, Y: cmp.Or(p.y, p.column.Name), LogX: p.logX, LogY: p.logY,
	}
}

// look returns the look of a server in a chart of the table. The servers of the
// first table have the same in all charts.
func look(t *table, server string) int {
	all := []string{"01-blocking", "02-select", "03-poll", "04-epoll", oneWorker, "net, goroutines"}
	if slices.Contains(all, t.Rows[0].Server) {
		// those of -peers come behind them
		all = append(all, slices.DeleteFunc(t.servers(), func(name string) bool { return slices.Contains(all, name) })...)
	} else {
		all = t.servers()
	}
	return slices.Index(all, server)
}

// drawLines draws a line for each server over X.
func drawLines(out io.Writer, p *picture, f *figures, t *table) error {
	var lines []chart.Line
	for _, name := range t.servers() {
		line := chart.Line{Name: strings.TrimSuffix(name, ", 1 worker"), Look: look(t, name)}
		for _, r := range t.Rows {
			if value, ok := r.Values[p.column.Name]; ok && r.Server == name {
				line.XYs = append(line.XYs, plotter.XY{X: r.X, Y: value})
			}
		}
		lines = append(lines, line)
	}
	return chart.Lines(out, p.config(f, t), lines)
}

// drawBars draws a bar for each server at the largest X of all.
func drawBars(out io.Writer, p *picture, f *figures, t *table) error {
	largest := slices.MaxFunc(t.Rows, func(a, b row) int { return int(a.X - b.X) }).X
	var bars []chart.Bar
	for _, name := range t.servers() {
		bar := chart.Bar{Name: name, Value: math.NaN()}
		for _, r := range t.Rows {
			if r.Server == name && r.X == largest {
				bar.Value = r.Values[p.column.Name]
			}
		}
		bars = append(bars, bar)
	}
	config := p.config(f, t)
	config.Y += fmt.Sprintf(" (%s %s)", number(largest, 0), t.X)
	return chart.Bars(out, config, bars)
}
