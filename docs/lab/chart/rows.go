package chart

import (
	"math"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	rowHeight  = 23
	barHeight  = 15
	headHeight = 24
)

// A row is a bar with its name, or a heading.
type row struct {
	name    string
	heading bool
	value   float64
	look    int
	below   float64 // how many rows its middle is below the top
}

// rowsOf returns the rows of a chart from the top to the bottom.
func rowsOf(c Config, groups []string, bars []Bar) []row {
	var rows []row
	add := func(r row) {
		r.below = .5
		if len(rows) > 0 {
			r.below = rows[len(rows)-1].below + 1
			if r.heading {
				r.below += .4
			}
		}
		if r.name != "" || !r.heading {
			rows = append(rows, r)
		}
	}
	if len(bars) == 1 {
		b := bars[0]
		add(row{name: b.Name, heading: true})
		for i, group := range groups {
			add(row{name: group, value: b.Values[i], look: c.place(b.Name, 0)})
		}
		return rows
	}
	for i, group := range groups {
		add(row{name: group, heading: true})
		for n, b := range bars {
			add(row{name: b.Name, value: b.Values[i], look: c.place(b.Name, n)})
		}
	}
	return rows
}

func (s *sheet) drawRows(rows []row) {
	if s.config.X != "" {
		s.heading(label(12, muted), s.config.X, headHeight)
	}
	p := newPlot()
	p.X.Label.Text = s.config.Y
	p.Y.Min, p.Y.Max = 0, rows[len(rows)-1].below+.5
	p.Y.Tick.Label.Color = strong
	p.Add(rowGrid(rows))
	var names plot.ConstantTicks
	top, widest := 0., vg.Length(0)
	for _, r := range rows {
		if r.heading {
			continue
		}
		names = append(names, plot.Tick{Value: p.Y.Max - r.below, Label: r.name})
		widest = max(widest, label(12, strong).Width(r.caption())+8)
		if !math.IsNaN(r.value) {
			top = max(top, r.value)
			p.Add(&plotter.BarChart{
				Values: plotter.Values{r.value}, XMin: p.Y.Max - r.below,
				Width: barHeight, Color: hue(r.look), Horizontal: true,
			})
		}
	}
	p.Y.Tick.Marker = names
	fromZero(&p.X, top)
	field := draw.Crop(s.Canvas, 0, -widest, 0, 0)
	p.Draw(field)
	s.captions(p, p.DataCanvas(field), rows)
}

// A rowGrid draws the grid behind bars, and not through headings.
type rowGrid []row

// Plot draws the grid.
func (g rowGrid) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	line := draw.LineStyle{Color: faint, Width: 1}
	for _, tick := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
		x := toX(tick.Value)
		for _, r := range g {
			if !r.heading {
				c.StrokeLine2(line, x, toY(p.Y.Max-r.below-.5), x, toY(p.Y.Max-r.below+.5))
			}
		}
	}
}

// captions writes the headings, and the values at the ends of the bars.
func (s *sheet) captions(p *plot.Plot, field draw.Canvas, rows []row) {
	toX, toY := p.Transforms(&field)
	for _, r := range rows {
		at := vg.Point{X: s.Min.X, Y: toY(p.Y.Max-r.below) - 4}
		style := label(12, strong)
		switch {
		case r.heading:
			style.Font.Weight = xfont.WeightBold
		case math.IsNaN(r.value):
			at.X = toX(0) + 6
		default:
			at.X = toX(r.value) + 6
		}
		s.FillText(style, at, r.caption())
	}
}

// caption returns a heading, or a bar's value.
func (r row) caption() string {
	switch {
	case r.heading:
		return r.name
	case math.IsNaN(r.value):
		return "–"
	}
	return number(r.value)
}
