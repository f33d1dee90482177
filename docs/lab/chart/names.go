package chart

import (
	"cmp"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	leader  = 22 // from the end of a line to its name's marker
	nameGap = 10 // from there to the name
	rowGap  = 17 // from name to name below each other
)

// columnWidth returns how wide the column of names right of the lines is.
func columnWidth(lines []Line) vg.Length {
	widest := vg.Length(0)
	for _, l := range lines {
		widest = max(widest, label(13, strong).Width(l.caption()))
	}
	return leader + nameGap + widest
}

// caption returns the line's name, with a – if it has no figure.
func (l Line) caption() string {
	if _, ok := l.end(); !ok {
		return l.Name + ": –"
	}
	return l.Name
}

// nameLines names the lines: those that reach the right side of the field in a
// column there, and each of the others where it ends.
func (s *sheet) nameLines(p *plot.Plot, field draw.Canvas, lines []Line) {
	toX, toY := p.Transforms(&field)
	type named struct {
		Line
		look int
		end  vg.Point
	}
	var column, inside []named
	for i, l := range lines {
		end, ok := l.end()
		look := s.config.place(l.Name, i)
		switch n := (named{l, look, vg.Point{X: toX(end.X), Y: toY(end.Y)}}); {
		case !ok:
			column = append(column, named{l, look, vg.Point{X: field.Max.X, Y: field.Min.Y}})
		case end.X == p.X.Max:
			column = append(column, n)
		default:
			inside = append(inside, n)
		}
	}
	slices.SortStableFunc(column, func(a, b named) int { return cmp.Compare(b.end.Y, a.end.Y) })
	var wanted []vg.Length
	for _, n := range column {
		wanted = append(wanted, n.end.Y)
	}
	walls := field.Rectangle
	walls.Max.X = s.Max.X
	room := newRoom(walls, lines, toX, toY)
	for i, y := range spread(wanted, rowGap, field.Min.Y, field.Max.Y) {
		n := column[i]
		s.nameInColumn(n.Line, n.look, n.end, vg.Point{X: field.Max.X + leader, Y: y})
		room.take(n.end, vg.Point{X: s.Max.X, Y: y})
	}
	for _, n := range inside {
		style := nameStyle(n.look)
		s.FillText(style, room.find(style, n.Name, n.end), n.Name)
	}
}

// nameInColumn writes the name of a line that ends at end to the place at, and
// leads from the one to the other.
func (s *sheet) nameInColumn(l Line, look int, end, at vg.Point) {
	style := nameStyle(look)
	if _, ok := l.end(); ok {
		thin := draw.LineStyle{Color: hue(look), Width: 1}
		s.StrokeLine2(thin, end.X+7, end.Y, at.X-6, at.Y)
		s.DrawGlyphNoClip(markerLook(look), at)
	} else {
		style.Color = muted
	}
	s.FillText(style, vg.Point{X: at.X + nameGap, Y: at.Y - 4}, l.caption())
}

func nameStyle(look int) text.Style { return label(13, hue(look)) }

// spread returns places for names, from high to low, as near to the wanted ones
// as can be with a gap between them, and between low and high if they fit.
func spread(wanted []vg.Length, gap, low, high vg.Length) []vg.Length {
	// Names that would run into each other stand as a block around their middle.
	type block struct {
		middle vg.Length
		names  int
	}
	half := func(b block) vg.Length { return gap * vg.Length(b.names-1) / 2 }
	var blocks []block
	for _, y := range wanted {
		b := block{y, 1}
		for {
			b.middle = min(max(b.middle, low+half(b)), max(high-half(b), low+half(b)))
			last := len(blocks) - 1
			if last < 0 || blocks[last].middle-half(blocks[last])-gap >= b.middle+half(b) {
				break
			}
			above := blocks[last]
			blocks = blocks[:last]
			all := above.names + b.names
			b.middle = (above.middle*vg.Length(above.names) + b.middle*vg.Length(b.names)) / vg.Length(all)
			b.names = all
		}
		blocks = append(blocks, b)
	}
	var places []vg.Length
	for _, b := range blocks {
		for i := range b.names {
			places = append(places, b.middle+half(b)-gap*vg.Length(i))
		}
	}
	return places
}
