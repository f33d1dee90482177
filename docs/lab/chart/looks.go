package chart

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// hue returns the colour of the n-th look.
func hue(n int) ink { return hues[n%len(hues)] }

// lineLook returns how the n-th line is drawn. After all hues they come again,
// with dashes.
func lineLook(n int) draw.LineStyle {
	look := draw.LineStyle{Color: hue(n), Width: 2}
	switch n / len(hues) {
	case 0:
	case 1:
		look.Dashes = []vg.Length{6, 4}
	default:
		look.Dashes = []vg.Length{2, 3}
	}
	return look
}

// markerLook returns how the n-th line's points are drawn. Each round of hues
// gives them other markers.
func markerLook(n int) draw.GlyphStyle {
	return draw.GlyphStyle{Color: hue(n), Radius: 4, Shape: markers[(n+n/len(hues))%len(markers)]}
}

var markers = []draw.GlyphDrawer{
	draw.CircleGlyph{}, square, upward, diamond, downward, ring{}, cross, plus,
}

// A polygon is a filled marker. Its corners are those of a circle of radius 1.
type polygon []vg.Point

var (
	square   = polygon{{X: -.9, Y: -.9}, {X: .9, Y: -.9}, {X: .9, Y: .9}, {X: -.9, Y: .9}}
	upward   = polygon{{X: -1.1, Y: -.8}, {X: 1.1, Y: -.8}, {X: 0, Y: 1.2}}
	downward = polygon{{X: -1.1, Y: .8}, {X: 1.1, Y: .8}, {X: 0, Y: -1.2}}
	diamond  = polygon{{X: -1.25}, {Y: -1.25}, {X: 1.25}, {Y: 1.25}}
)

// DrawGlyph draws the marker at a place.
func (p polygon) DrawGlyph(c *draw.Canvas, style draw.GlyphStyle, at vg.Point) {
	var corners []vg.Point
	for _, corner := range p {
		corners = append(corners, at.Add(corner.Scale(style.Radius)))
	}
	c.FillPolygon(style.Color, corners)
}

// A ring is a marker with a hole.
type ring struct{}

// DrawGlyph draws the marker at a place.
func (ring) DrawGlyph(c *draw.Canvas, style draw.GlyphStyle, at vg.Point) {
	var circle vg.Path
	circle.Move(vg.Point{X: at.X + style.Radius, Y: at.Y})
	circle.Arc(at, style.Radius, 0, 2*math.Pi)
	circle.Close()
	c.SetLineStyle(draw.LineStyle{Color: style.Color, Width: markerStroke})
	c.Stroke(circle)
}

// strokes are a marker of lines. Their ends are like a polygon's corners.
type strokes [][]vg.Point

var (
	cross = strokes{{{X: -1, Y: -1}, {X: 1, Y: 1}}, {{X: -1, Y: 1}, {X: 1, Y: -1}}}
	plus  = strokes{{{X: -1.3}, {X: 1.3}}, {{Y: -1.3}, {Y: 1.3}}}
)

const markerStroke = 1.8

// DrawGlyph draws the marker at a place.
func (s strokes) DrawGlyph(c *draw.Canvas, style draw.GlyphStyle, at vg.Point) {
	for _, ends := range s {
		from, to := at.Add(ends[0].Scale(style.Radius)), at.Add(ends[1].Scale(style.Radius))
		c.StrokeLine2(draw.LineStyle{Color: style.Color, Width: markerStroke}, from.X, from.Y, to.X, to.Y)
	}
}
