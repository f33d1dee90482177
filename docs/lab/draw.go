//go:build linux

package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"example.com/echo/docs/lab/chart"
	"example.com/echo/docs/lab/figures"
	"gonum.org/v1/plot/plotter"
)

// A picture is a chart of one column of an experiment's table.
type picture struct {
	experiment string
	column     figures.Column
	y          string // what the column is, if its name alone does not say
	file       string
	title      string
	logX, logY bool
	draw       func(io.Writer, *picture, *figures.Figures, *figures.Table) error
}

var pictures = []picture{
	{experiment: "throughput", column: echoesPerSecond, file: "throughput.svg", title: "Echoes per second, all clients busy", logX: true, draw: drawLines},
	{experiment: "idle", column: echoesPerSecond, file: "idle.svg", title: "100 busy clients among idle ones: echoes per second", draw: drawLines},
	{experiment: "idle", column: timePerEcho, file: "idle-time.svg", title: "100 busy clients among idle ones: time per echo", draw: drawLines},
	{experiment: "latency", column: figures.Column{Name: "50"}, y: "µs from sending to the echo, the median", file: "latency.svg", title: "Latency at 20,000 messages per second", logY: true, draw: drawLines},
	{experiment: "memory", column: bytesPerConnection, file: "memory.svg", title: "The server's memory for an idle connection", draw: drawBars},
	{experiment: "workers", column: echoesPerSecond, file: "workers.svg", title: "100 busy clients, by number and kind of workers", logX: true, draw: drawLines},
	{experiment: "spread", column: inVain, file: "spread.svg", title: "Four workers: accepts in vain", draw: drawBars},
	{experiment: "calls", column: examined, file: "calls.svg", title: "What a wait looks at", draw: drawLines},
	{experiment: "ratios", column: inRelation, y: "echoes/s, in relation to C", file: "ratios.svg", title: "Echoes per second, in relation to a C epoll loop", draw: drawBars},
}

// draw writes the charts of the figures into dir.
func draw(f *figures.Figures, dir string) error {
	for i := range pictures {
		p := &pictures[i]
		t := f.Table(p.experiment)
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
	return nil
}

// config is what all charts say.
func (p *picture) config(f *figures.Figures, t *figures.Table) chart.Config {
	return chart.Config{
		Title:    p.title,
		Subtitle: f.Machine.Short() + ", " + f.Machine.Date,
		X:        t.X, Y: cmp.Or(p.y, p.column.Name), LogX: p.logX, LogY: p.logY,
	}
}

// look returns the look of a server in a chart of the table. The servers of the
// first table have the same in all charts.
func look(t *figures.Table, server string) int {
	all := []string{"01-blocking", "02-select", "03-poll", "04-epoll", oneWorker, "net, goroutines"}
	if slices.Contains(all, t.Rows[0].Server) {
		// those of -peers come behind them
		all = append(all, slices.DeleteFunc(t.Servers(), func(name string) bool { return slices.Contains(all, name) })...)
	} else {
		all = t.Servers()
	}
	return slices.Index(all, server)
}

// drawLines draws a line for each server over X.
func drawLines(out io.Writer, p *picture, f *figures.Figures, t *figures.Table) error {
	var lines []chart.Line
	for _, name := range t.Servers() {
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
func drawBars(out io.Writer, p *picture, f *figures.Figures, t *figures.Table) error {
	largest := slices.MaxFunc(t.Rows, func(a, b figures.Row) int { return int(a.X - b.X) }).X
	var bars []chart.Bar
	for _, name := range t.Servers() {
		bar := chart.Bar{Name: name, Value: math.NaN()}
		for _, r := range t.Rows {
			if r.Server == name && r.X == largest {
				bar.Value = r.Values[p.column.Name]
			}
		}
		bars = append(bars, bar)
	}
	config := p.config(f, t)
	config.Y += fmt.Sprintf(" (%s %s)", figures.Number(largest, 0), t.X)
	return chart.Bars(out, config, bars)
}
