// Package chart draws the laboratory's figures as SVG pictures for Markdown
// pages. A picture has no background, and its colours follow the reader's light
// or dark page. The same figures give the same bytes.
package chart

// A Config is what a chart says besides its figures.
type Config struct {
	Title    string // needed; it also tells the picture to those who can't see it
	Subtitle string // what was held the same, when and where it was measured

	X string // what was varied, with its unit
	Y string // what was measured, with its unit

	// Without these an axis is linear and begins at zero. On a logarithmic X
	// axis the ticks are the measured points.
	LogX, LogY bool

	// Names gives each name its look by its place here. With the names of all
	// servers a server looks the same in every chart, whoever else is in it.
	// Nil stands for the names of the chart, in their order.
	Names []string
}

// A Line is one server's figures. Y is math.NaN() where it has none: the line
// is broken there.
type Line struct {
	Name string
	X, Y []float64 // X ascends
}

// A Bar is one server's figures, one for each group. It is math.NaN() where
// the server has none: a – stands there.
type Bar struct {
	Name   string
	Values []float64
}
