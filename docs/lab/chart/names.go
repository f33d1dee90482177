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

// Names are a column right of the lines, where they cover none. Each stands as
// near as can be to the height at which its line ends.
type names []name

type name struct {
	text string
	look int
	end  plotter.XY // of the line
}

// namesOf returns the names from the top to the bottom. Of a line that ends
// before lastX, the name says where.
func namesOf(lines []Line, lastX float64) names {
	var all names
	for _, l := range lines {
		n := name{l.Name, l.Look, l.XYs[len(l.XYs)-1]}
		if n.end.X < lastX {
			n.text += " (to " + number(n.end.X) + ")"
		}
		all = append(all, n)
	}
	slices.SortStableFunc(all, func(a, b name) int { return cmp.Compare(b.end.Y, a.end.Y) })
	return all
}

func (all names) width() vg.Length {
	widest := vg.Length(0)
	for _, n := range all {
		widest = max(widest, textStyle(strong, 14).Width(n.text))
	}
	return leader + nameGap + widest
}

// draw writes the names right of the field, each with its line's marker, and
// leads to them from the lines that end there.
func (all names) draw(c draw.Canvas, p *plot.Plot, field draw.Canvas) {
	_, toY := p.Transforms(&field)
	var ends []vg.Length
	for _, n := range all {
		ends = append(ends, toY(n.end.Y))
	}
	for i, y := range spread(ends, rowGap, field.Min.Y, field.Max.Y) {
		n, at := all[i], vg.Point{X: field.Max.X + leader, Y: y}
		if n.end.X == p.X.Max {
			c.StrokeLine2(draw.LineStyle{Color: hue(n.look), Width: 1}, field.Max.X+6, ends[i], at.X-6, y)
		}
		c.DrawGlyphNoClip(marker(n.look), at)
		c.FillText(textStyle(hue(n.look), 14), at.Add(vg.Point{X: nameGap, Y: -5}), n.text)
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
