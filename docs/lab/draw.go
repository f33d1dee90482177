//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"example.com/echo/docs/lab/chart"
)

// A picture is a chart of one column of an experiment's table.
type picture struct {
	experiment string
	column     column
	file       string
	title      string
	logX, logY bool
	draw       func(io.Writer, *picture, *figures, *table) error
}

var pictures = []picture{
	{experiment: "throughput", column: echoesPerSecond, file: "throughput.svg", title: "Echoes per second, all clients busy", logX: true, draw: drawLines},
	{experiment: "idle", column: echoesPerSecond, file: "idle.svg", title: "What idle clients cost: echoes per second of 100 busy ones", draw: drawLines},
	{experiment: "idle", column: timePerEcho, file: "idle-time.svg", title: "What idle clients cost: the server's time for an echo to one of 100 busy ones", draw: drawLines},
	{experiment: "latency", column: column{Name: "50"}, file: "latency.svg", title: "Median latency in µs at 20,000 messages per second", logY: true, draw: drawLines},
	{experiment: "memory", column: bytesPerConnection, file: "memory.svg", title: "The server's memory for an idle connection", draw: drawBars},
	{experiment: "workers", column: echoesPerSecond, file: "workers.svg", title: "Echoes per second of 100 busy clients, servers and clients on all processors", logX: true, draw: drawLines},
	{experiment: "spread", column: inVain, file: "spread.svg", title: "Accepts in vain per connection, four workers", draw: drawBars},
	{experiment: "calls", column: examined, file: "calls.svg", title: "Descriptors examined per echo", draw: drawLines},
	{experiment: "ratios", column: inRelation, file: "ratios.svg", title: "Echoes per second in relation to a C epoll loop, 100 busy clients", draw: drawBars},
}

// draw writes the charts and the page of all tables into dir.
func (f *figures) draw(dir string) error {
	var failed error
	var page strings.Builder
	page.WriteString(f.head())
	for _, t := range f.Tables {
		fmt.Fprintf(&page, "\n## %s\n\n%s.\n\n", t.Name, sentence(t.Title))
		for _, p := range pictures {
			if p.experiment != t.Name {
				continue
			}
			var svg bytes.Buffer
			if err := p.draw(&svg, &p, f, t); err != nil {
				failed = errors.Join(failed, fmt.Errorf("%s: %w", p.file, err))
				continue
			}
			failed = errors.Join(failed, os.WriteFile(filepath.Join(dir, p.file), svg.Bytes(), 0o666))
			fmt.Fprintf(&page, "![%s](%s)\n\n", p.title, p.file)
		}
		page.WriteString(t.markdown())
	}
	return errors.Join(failed, os.WriteFile(filepath.Join(dir, "README.md"), []byte(page.String()), 0o666))
}

// head is the beginning of the page.
func (f *figures) head() string {
	m := f.Machine
	return fmt.Sprintf(`# Figures

Made by `+"`go run ./docs/lab -o docs/figures`"+`, on %s, of %s: %s, %d processors, %s of memory, %s,
%s. The raw figures are in [%s](%s); what they mean is in [the laboratory](../lab.md).

Where rounds were repeated, a figure is their median, and ± is half of the distance between the lowest and the highest.
`, m.Date, m.Commit, m.Processor, m.Processors, m.Memory, m.Kernel, m.Go, figuresFile, figuresFile)
}

func sentence(title string) string { return strings.ToUpper(title[:1]) + title[1:] }

// config is what all charts say.
func (p *picture) config(f *figures, t *table) chart.Config {
	return chart.Config{
		Title:    p.title,
		Subtitle: fmt.Sprintf("%s, %d processors, %s, %s, %s", f.Machine.Processor, f.Machine.Processors, f.Machine.Kernel, f.Machine.Go, f.Machine.Date),
		X:        t.X, Y: p.column.Name, LogX: p.logX, LogY: p.logY,
		Names: names(t),
	}
}

// names returns the servers of the table so that each looks the same in all
// charts: in the order of the first table, which has all of them.
func names(t *table) []string {
	all := []string{"01-blocking", "02-select", "03-poll", "04-epoll", oneWorker, "net, goroutines"}
	for _, name := range t.servers() {
		if !slices.Contains(all, name) {
			return nil // a table of something else
		}
	}
	return all
}

// drawLines draws a line for each server over X.
func drawLines(out io.Writer, p *picture, f *figures, t *table) error {
	var lines []chart.Line
	for _, name := range t.servers() {
		line := chart.Line{Name: name}
		for _, r := range t.Rows {
			if value, ok := r.Values[p.column.Name]; ok && r.Server == name {
				line.X, line.Y = append(line.X, r.X), append(line.Y, value)
			}
		}
		lines = append(lines, line)
	}
	return chart.Lines(out, p.config(f, t), lines)
}

// drawBars draws a bar for each server at the largest X of all.
func drawBars(out io.Writer, p *picture, f *figures, t *table) error {
	largest := slices.MaxFunc(t.Rows, func(a, b row) int { return int(a.X - b.X) }).X
	bar := chart.Bar{Name: fmt.Sprintf("%s %s", number(largest, 0), t.X)}
	for _, name := range t.servers() {
		value := math.NaN()
		for _, r := range t.Rows {
			if r.Server == name && r.X == largest {
				value = r.Values[p.column.Name]
			}
		}
		bar.Values = append(bar.Values, value)
	}
	config := p.config(f, t)
	config.Names = nil // the servers are the groups here
	return chart.Bars(out, config, t.servers(), []chart.Bar{bar})
}
