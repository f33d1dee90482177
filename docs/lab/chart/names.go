package chart

import (
	"cmp"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	leader  = 18 // from the end of a line to its name's marker
	nameGap = 9  // from there to the name
	rowGap  = 18 // from name to name below each other
)

func (l Line) end() plotter.XY { return l.XYs[len(l.XYs)-1] }

// caption returns the line's name, and where it ends if that is before last.
func (l Line) caption(last float64) string {
	if l.end().X < last {
		return l.Name + " (to " + number(l.end().X) + ")"
	}
	return l.Name
}

// namesWidth returns the width of the column that writeNames needs.
func namesWidth(lines []Line, last float64) vg.Length {
	widest := vg.Length(0)
	for _, l := range lines {
		widest = max(widest, textStyle(strong, 14).Width(l.caption(last)))
	}
	return leader + nameGap + widest
}

// writeNames writes the names in a column right of the field, where they cover no
// line, each near the height where its line ends and with the line's marker. It
// leads to them from the lines that end at the field's side.
func writeNames(c draw.Canvas, p *plot.Plot, field draw.Canvas, lines []Line) {
	lines = slices.Clone(lines)
	slices.SortStableFunc(lines, func(a, b Line) int { return cmp.Compare(b.end().Y, a.end().Y) })
	_, toY := p.Transforms(&field)
	var ends []vg.Length
	for _, l := range lines {
		ends = append(ends, toY(l.end().Y))
	}
	for i, y := range spread(ends, rowGap, field.Min.Y, field.Max.Y) {
		l, at := lines[i], vg.Point{X: field.Max.X + leader, Y: y}
		if l.end().X == p.X.Max {
			c.StrokeLine2(draw.LineStyle{Color: hue(l.Look), Width: 1}, field.Max.X+6, ends[i], at.X-6, y)
		}
		c.DrawGlyphNoClip(marker(l.Look), at)
		c.FillText(textStyle(hue(l.Look), 14), at.Add(vg.Point{X: nameGap, Y: -5}), l.caption(p.X.Max))
	}
}

// spread returns heights for names, from the top down, near the wanted ones, with
// a gap between them, and from low to high if they fit.
func spread(wanted []vg.Length, gap, low, high vg.Length) []vg.Length {
	places := slices.Clone(wanted)
	for range 1000 { // dozens of names find their places
		for i := range places {
			places[i] = min(places[i], high-gap*vg.Length(i))
			places[i] = max(places[i], low+gap*vg.Length(len(places)-1-i))
			if i > 0 && places[i-1]-places[i] < gap { // both give way
				middle := (places[i-1] + places[i]) / 2
				places[i-1], places[i] = middle+gap/2, middle-gap/2
			}
		}
	}
	return places
}
