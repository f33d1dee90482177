package chart

import (
	"math"
	"slices"

	"github.com/dustin/go-humanize"
	"gonum.org/v1/plot"
)

// at returns ticks, labelled as people read numbers.
func at(values ...float64) plot.ConstantTicks {
	var ticks plot.ConstantTicks
	for _, v := range values {
		ticks = append(ticks, plot.Tick{Value: v, Label: number(v)})
	}
	return ticks
}

// fromZero lets an axis go from 0 to above all figures, in steps of 1, 2 or 5
// times a power of ten, but not more than most.
func fromZero(axis *plot.Axis, most float64) {
	if axis.Max == 0 {
		axis.Max = 1
	}
	power := math.Pow10(int(math.Log10(axis.Max)))
	step := 10 * power
	for _, factor := range []float64{5, 2, 1, .5, .2, .1} {
		if factor*power*most >= axis.Max {
			step = factor * power
		}
	}
	values := []float64{0}
	for values[len(values)-1] < axis.Max-step*1e-9 {
		values = append(values, step*float64(len(values)))
	}
	axis.Min, axis.Max, axis.Tick.Marker = 0, values[len(values)-1], at(values...)
}

// powers makes an axis logarithmic, from one power of ten to another.
func powers(axis *plot.Axis) {
	values := []float64{math.Pow10(int(math.Floor(math.Log10(axis.Min))))}
	for len(values) < 2 || values[len(values)-1] < axis.Max {
		values = append(values, 10*values[len(values)-1])
	}
	axis.Min, axis.Max, axis.Tick.Marker = values[0], values[len(values)-1], at(values...)
	axis.Scale = plot.LogScale{}
}

// measured makes an axis logarithmic, with ticks where the longest line has
// figures.
func measured(axis *plot.Axis, lines []Line) {
	longest := slices.MaxFunc(lines, func(a, b Line) int { return len(a.XYs) - len(b.XYs) })
	var values []float64
	for _, xy := range longest.XYs {
		values = append(values, xy.X)
	}
	axis.Scale, axis.Tick.Marker = plot.LogScale{}, at(values...)
	axis.Max = max(axis.Max, 2*axis.Min) // there may be one point only
}

// number prints v as people read it: 0.25, 12.3, 15,000.
func number(v float64) string {
	unit := 1.
	for v*unit < 100 && unit < 1000 { // a small one with three digits
		unit *= 10
	}
	return humanize.Commaf(math.Round(v*unit) / unit)
}
