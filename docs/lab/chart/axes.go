package chart

import (
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// newPlot returns an empty plot in the look of all charts.
func newPlot() *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Tick.Label.Font, axis.Tick.Label.Color = sans(12), muted
		axis.Tick.Color, axis.Color = muted, muted
		axis.Label.TextStyle.Font, axis.Label.TextStyle.Color = sans(12), muted
		axis.Label.Padding = 6
		axis.Padding = 0
	}
	p.X.Width, p.X.Tick.Width, p.X.Tick.Length = 1, 1, 5
	p.Y.Width, p.Y.Tick.Length = 0, 0 // the grid shows where they are
	p.Y.Padding = 6
	return p
}

// fromZero makes axis a linear one from 0 to a round number, top or above.
func fromZero(axis *plot.Axis, top float64) {
	if top == 0 {
		top = 1
	}
	step := 0.
	for _, step = range rounds(top/100, top) {
		if top/step <= 6 {
			break
		}
	}
	steps := math.Ceil(top/step - 1e-9) // 0.6 takes 3 steps of 0.2, rounding errors or not
	var ticks plot.ConstantTicks
	for i := range int(steps) + 1 {
		v := float64(i) * step
		ticks = append(ticks, plot.Tick{Value: v, Label: numberOf(v, steps*step)})
	}
	axis.Min, axis.Max, axis.Tick.Marker = 0, steps*step, ticks
}

// fromZeroTo makes axis a linear one from 0 to just top.
func fromZeroTo(axis *plot.Axis, top float64) {
	fromZero(axis, top)
	if top > 0 {
		axis.Max = top // the library leaves out the tick above it
	}
}

// logarithmic makes axis a logarithmic one between the round numbers around low
// and high. All of those between are ticks, or the powers of ten if they are many.
func logarithmic(axis *plot.Axis, low, high float64) {
	between := rounds(low, high)
	for len(between) > 2 && between[1] <= low {
		between = between[1:]
	}
	for n := len(between); n > 2 && between[n-2] >= high; n-- {
		between = between[:n-1]
	}
	axis.Scale = plot.LogScale{}
	axis.Min, axis.Max = between[0], between[len(between)-1]
	var ticks plot.ConstantTicks
	for _, v := range between {
		if power := math.Pow10(int(math.Round(math.Log10(v)))); len(between) <= 10 || v == power {
			ticks = append(ticks, plot.Tick{Value: v, Label: number(v)})
		}
	}
	axis.Tick.Marker = ticks
}

// rounds returns the numbers 1, 2 and 5 by powers of ten, in order, from low or
// below to high or above.
func rounds(low, high float64) []float64 {
	var all []float64
	for e := int(math.Floor(math.Log10(low))); e <= int(math.Ceil(math.Log10(high)))+1; e++ {
		for _, digit := range []float64{1, 2, 5} {
			if e < 0 { // a power that is no binary fraction is better divided by
				all = append(all, digit/math.Pow10(-e))
			} else {
				all = append(all, digit*math.Pow10(e))
			}
		}
	}
	return all
}

// measured makes axis a logarithmic one whose ticks are the points, which
// ascend. Width is its length: a label that would run into another is left out.
func measured(axis *plot.Axis, points []float64, width vg.Length) {
	last := len(points) - 1
	axis.Scale = plot.LogScale{}
	axis.Min, axis.Max = points[0], points[last]
	if last == 0 {
		axis.Min, axis.Max = points[0]/2, points[0]*2
	}
	// where a label begins and ends, with some space around it
	around := func(v float64) (from, to vg.Length) {
		half := axis.Tick.Label.Width(number(v))/2 + 4
		at := width * vg.Length(axis.Norm(v))
		return at - half, at + half
	}
	lastFrom, _ := around(points[last])
	taken := vg.Length(math.Inf(-1))
	var ticks plot.ConstantTicks
	for i, v := range points {
		tick := plot.Tick{Value: v}
		from, to := around(v)
		if i == last || from >= taken && to <= lastFrom {
			tick.Label = number(v)
			taken = to
		}
		ticks = append(ticks, tick)
	}
	axis.Tick.Marker = ticks
}

// pointsOf returns all X of the lines, each once.
func pointsOf(lines []Line) []float64 {
	var points []float64
	for _, l := range lines {
		points = append(points, l.X...)
	}
	slices.Sort(points)
	return slices.Compact(points)
}
