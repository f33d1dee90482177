// Package chart draws the laboratory's figures with gonum/plot, and does what
// that lacks: names beside the lines instead of on them, ticks as people read
// them, and colours that follow the reader's light or dark page. The pictures
// are SVG for Markdown pages, and can be read on a telephone. The same figures
// give the same bytes.
package chart

import (
	"fmt"
	"io"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A Config is what a chart says besides its figures.
type Config struct {
	Title, Subtitle string
	X, Y            string // what the axes show, with its unit

	// A logarithmic X axis has the measured points as ticks. An axis that is not
	// logarithmic begins at 0.
	LogX, LogY bool
}

// A Line is one server's figures. X ascends, and is not 0 on a logarithmic axis.
type Line struct {
	Name string
	Look int // lines of one look have the same colour in all charts
	plotter.XYs
}

// A Bar is one server's figure, or math.NaN() if it has none.
type Bar struct {
	Name  string
	Value float64
}

// Lines draws a line for each server, with its name to the right, and writes the
// picture to w. It is an error if a line has no figures, or one that is infinite
// or NaN.
func Lines(w io.Writer, c Config, lines []Line) error {
	p := newPlot(c.X)
	p.Add(&plotter.Grid{Horizontal: draw.LineStyle{Color: faint, Width: 1}})
	for _, l := range lines {
		line, points, err := plotter.NewLinePoints(l.XYs)
		if len(l.XYs) == 0 {
			err = plotter.ErrNoData
		}
		if err != nil {
			return fmt.Errorf("chart %q: %s: %w", c.Title, l.Name, err)
		}
		line.Color, line.Width, points.GlyphStyle = hue(l.Look), 2, marker(l.Look)
		p.Add(line, points)
	}
	last := p.X.Max
	if c.LogX {
		measured(&p.X, lines)
	} else {
		fromZero(&p.X, 4.5) // labels of 15,000 are wide
		p.X.Max = last
	}
	if c.LogY {
		powers(&p.Y)
	} else {
		fromZero(&p.Y, 6)
	}
	s := newSheet(c, 300)
	s.head(textStyle(muted, 13), c.Y) // across: nobody need turn the head
	field := draw.Crop(s.Canvas, 0, -namesWidth(lines, last), 0, 0)
	p.Draw(field)
	writeNames(s.Canvas, p, p.DataCanvas(field), lines)
	s.readouts = readouts(c, p, p.DataCanvas(field), lines)
	return s.write(w)
}

// Bars draws a bar for each server below the one before, with its figure at its
// end, and writes the picture to w. Config.Y is what the bars show.
func Bars(w io.Writer, c Config, bars []Bar) error {
	const rowHeight, barHeight = 23, 15
	p := newPlot(c.Y)
	p.Y.Scale = plot.InvertedScale{Normalizer: plot.LinearScale{}} // the first at the top
	var names []string
	var values plotter.Values
	figures := &plotter.Labels{Offset: vg.Point{X: 6, Y: -4}}
	for i, b := range bars {
		value, text := b.Value, number(b.Value)
		if math.IsNaN(value) {
			value, text = 0, "–"
		}
		names, values = append(names, b.Name), append(values, value)
		figures.XYs = append(figures.XYs, plotter.XY{X: value, Y: float64(i)})
		figures.Labels = append(figures.Labels, text)
		figures.TextStyle = append(figures.TextStyle, textStyle(strong, 13))
	}
	chart, err := plotter.NewBarChart(values, barHeight)
	if err != nil {
		return fmt.Errorf("chart %q: %w", c.Title, err)
	}
	chart.Horizontal, chart.Color, chart.LineStyle.Width = true, hue(0), 0
	p.Add(chart, figures)
	p.NominalY(names...)
	p.Y.Tick.Label.Color = strong
	fromZero(&p.X, 6)
	s := newSheet(c, rowHeight*vg.Length(len(bars))+45)
	p.Draw(s.Canvas)
	return s.write(w)
}

// newPlot returns an empty plot in the look of all charts.
func newPlot(x string) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	p.X.Label.Text = x
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Color, axis.Tick.Color, axis.Width, axis.Tick.Width = muted, muted, 1, 1
		axis.Tick.Label.Font, axis.Tick.Label.Color = textStyle(muted, 13).Font, muted
		axis.Label.TextStyle.Font, axis.Label.TextStyle.Color = textStyle(muted, 13).Font, muted
		axis.Label.Padding = 5
	}
	p.X.Padding, p.Y.Padding = 0, 6
	p.Y.Width, p.Y.Tick.Length = 0, 0 // the grid, or a name, shows where a tick is
	return p
}
