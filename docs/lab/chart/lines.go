package chart

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg/draw"
)

// Lines draws a line of figures for each server, with its name at its end, and
// writes the picture to w. It is an error if there is no figure at all, and if
// one has no place on its axis: if it is negative or infinite, or 0 on a
// logarithmic one.
func Lines(w io.Writer, c Config, lines []Line) error {
	var names []string
	low, high := math.Inf(1), math.Inf(-1)
	for _, l := range lines {
		names = append(names, l.Name)
		for _, y := range l.Y {
			if !math.IsNaN(y) {
				low, high = min(low, y), max(high, y)
			}
		}
	}
	if err := c.check(names); err != nil {
		return fmt.Errorf("chart %q: %w", c.Title, err)
	}
	for _, l := range lines {
		if err := l.check(c.LogX, c.LogY); err != nil {
			return fmt.Errorf("chart %q: %w", c.Title, err)
		}
	}
	if low > high {
		return fmt.Errorf("chart %q: %w", c.Title, errors.New("no line has a figure"))
	}
	s := newSheet(c, 370)
	s.drawLines(lines, low, high)
	return s.write(w, names)
}

// drawLines draws the lines, whose Y are from low to high.
func (s *sheet) drawLines(lines []Line, low, high float64) {
	if s.config.Y != "" {
		s.heading(label(12, muted), s.config.Y, headHeight)
	}
	p := newPlot()
	p.X.Label.Text = s.config.X
	if s.config.LogY {
		logarithmic(&p.Y, low, high)
	} else {
		fromZero(&p.Y, high)
	}
	column := s.Canvas
	column.Min.X = column.Max.X - columnWidth(lines)
	field := s.Canvas
	field.Max.X = column.Min.X
	points := pointsOf(lines)
	if s.config.LogX {
		measured(&p.X, points, field.Size().X-p.Y.Tick.Label.Width(number(p.Y.Max)))
	} else {
		fromZeroTo(&p.X, points[len(points)-1])
	}
	p.Add(&plotter.Grid{Horizontal: draw.LineStyle{Color: faint, Width: 1}})
	for i, l := range lines {
		p.Add(l.plotters(s.config.place(l.Name, i))...)
	}
	p.Draw(field)
	s.nameLines(p, p.DataCanvas(field), lines)
}

// place returns the number of the look of a name, which is the i-th of a chart.
func (c Config) place(name string, i int) int {
	if c.Names != nil {
		return slices.Index(c.Names, name)
	}
	return i
}

// plotters draw the line, in the n-th look.
func (l Line) plotters(n int) []plot.Plotter {
	var all []plot.Plotter
	for _, piece := range l.pieces() {
		// Not by their constructors: these only check what check has checked.
		all = append(all,
			&plotter.Line{XYs: piece, LineStyle: lineLook(n)},
			&plotter.Scatter{XYs: piece, GlyphStyle: markerLook(n)})
	}
	return all
}

// pieces returns the stretches of the line between those without figures.
func (l Line) pieces() []plotter.XYs {
	pieces := []plotter.XYs{nil}
	for i, y := range l.Y {
		last := len(pieces) - 1
		switch {
		case !math.IsNaN(y):
			pieces[last] = append(pieces[last], plotter.XY{X: l.X[i], Y: y})
		case pieces[last] != nil:
			pieces = append(pieces, nil)
		}
	}
	if pieces[len(pieces)-1] == nil {
		pieces = pieces[:len(pieces)-1]
	}
	return pieces
}

// end returns the line's last figure, if it has any.
func (l Line) end() (plotter.XY, bool) {
	pieces := l.pieces()
	if len(pieces) == 0 {
		return plotter.XY{}, false
	}
	last := pieces[len(pieces)-1]
	return last[len(last)-1], true
}
