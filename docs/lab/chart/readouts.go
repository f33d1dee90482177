package chart

import (
	"fmt"
	"html"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"
)

// readouts returns the figures of all lines as SVG, each at its point. A figure is
// seen when the pointer is there; a page that has the picture inside of it can
// show it on focus too.
func readouts(c Config, p *plot.Plot, field draw.Canvas, lines []Line) string {
	toX, toY := p.Transforms(&field)
	middle := (field.Min.X + field.Max.X) / 2
	var b strings.Builder
	for _, l := range lines {
		for _, xy := range l.XYs {
			x, y, anchor := toX(xy.X), toY(xy.Y), "start"
			if x > middle {
				anchor = "end"
			}
			text := fmt.Sprintf("%s: %s at %s %s", l.Name, number(xy.Y), number(xy.X), c.X)
			fmt.Fprintf(&b, "<g class=\"point\"><circle cx=\"%.5g\" cy=\"%.5g\" r=\"9\"/>", x.Points(), y.Points())
			fmt.Fprintf(&b, "<text x=\"%.5g\" y=\"%.5g\" text-anchor=\"%s\" transform=\"scale(1, -1)\">%s</text></g>\n", x.Points(), -y.Points()-14, anchor, html.EscapeString(text))
		}
	}
	return b.String()
}
