package chart

import (
	"math"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// A room is what names can stand in: between the lines, and right of them where
// the column of names has space.
type room struct {
	walls vg.Rectangle
	dots  []vg.Point     // the lines, as dots
	names []vg.Rectangle // that stand already
}

func newRoom(walls vg.Rectangle, lines []Line, toX, toY func(float64) vg.Length) *room {
	r := &room{walls: walls}
	for _, l := range lines {
		for _, piece := range l.pieces() {
			before := vg.Point{X: toX(piece[0].X), Y: toY(piece[0].Y)}
			for _, xy := range piece {
				at := vg.Point{X: toX(xy.X), Y: toY(xy.Y)}
				way := at.Sub(before)
				steps := math.Ceil(math.Hypot(way.X.Points(), way.Y.Points())/3) + 1
				for i := range int(steps) {
					r.dots = append(r.dots, before.Add(way.Scale(vg.Length(i+1)/vg.Length(steps))))
				}
				before = at
			}
		}
	}
	return r
}

// take takes the place of a name in the column, at the right wall, of a line
// that ends at end.
func (r *room) take(end, at vg.Point) {
	r.names = append(r.names, vg.Rectangle{
		Min: vg.Point{X: end.X, Y: min(end.Y, at.Y-6)},
		Max: vg.Point{X: at.X, Y: max(end.Y, at.Y+6)},
	})
}

// find takes the best place for the name of a line that ends at end, and
// returns where the text begins.
func (r *room) find(style text.Style, name string, end vg.Point) vg.Point {
	width, height := style.Width(name), style.Font.Size
	const gap = 9
	right, left, centre := end.X+gap, end.X-gap-width, end.X-width/2
	corners := []vg.Point{{X: right, Y: end.Y - height/2}}
	for away := vg.Length(gap); away < 3*rowGap; away += rowGap {
		above, below := end.Y+away, end.Y-away-height
		for _, x := range []vg.Length{right, centre, left} {
			corners = append(corners, vg.Point{X: x, Y: above}, vg.Point{X: x, Y: below})
		}
	}
	var best vg.Rectangle
	lowest := math.Inf(1)
	for i, corner := range corners { // the nearest come first
		place := vg.Rectangle{Min: corner, Max: corner.Add(vg.Point{X: width, Y: height})}
		if cost := r.cost(place) + float64(i)/4; cost < lowest {
			best, lowest = place, cost
		}
	}
	r.names = append(r.names, best)
	return best.Min.Add(vg.Point{Y: 3}) // the base line
}

// cost returns how bad a place is: how much of it is taken already, above all
// by names, or outside of the walls.
func (r *room) cost(place vg.Rectangle) float64 {
	cost := 0.
	around := vg.Rectangle{Min: place.Min.Sub(vg.Point{X: 2, Y: 2}), Max: place.Max.Add(vg.Point{X: 2, Y: 2})}
	for _, dot := range r.dots {
		if dot.X > around.Min.X && dot.X < around.Max.X && dot.Y > around.Min.Y && dot.Y < around.Max.Y {
			cost++
		}
	}
	for _, name := range r.names {
		if meet(place, name) {
			cost += 100
		}
	}
	if place.Min.X < r.walls.Min.X || place.Max.X > r.walls.Max.X || place.Min.Y < r.walls.Min.Y || place.Max.Y > r.walls.Max.Y {
		cost += 1000
	}
	return cost
}

func meet(a, b vg.Rectangle) bool {
	return a.Min.X < b.Max.X && b.Min.X < a.Max.X && a.Min.Y < b.Max.Y && b.Min.Y < a.Max.Y
}
