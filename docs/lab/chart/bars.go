package chart

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
)

// Bars draws a bar for each server in each group, from left to right, with its
// value at its end, and writes the picture to w. The groups are below each
// other, with their names as headings. If there is but one server, it is the
// heading, and there is a bar for each group.
//
// It is an error if there is no figure at all, and if one is negative or
// infinite, or if the chart is to have a logarithmic axis: a bar without a
// zero has no length that means something.
func Bars(w io.Writer, c Config, groups []string, bars []Bar) error {
	if err := checkBars(c, groups, bars); err != nil {
		return fmt.Errorf("chart %q: %w", c.Title, err)
	}
	var names []string
	for _, b := range bars {
		names = append(names, b.Name)
	}
	rows := rowsOf(c, groups, bars)
	const axis = 50
	height := (rows[len(rows)-1].below + .5) * rowHeight
	if c.X != "" {
		height += headHeight
	}
	s := newSheet(c, vg.Length(height)+axis)
	s.drawRows(rows)
	return s.write(w, names)
}

func checkBars(c Config, groups []string, bars []Bar) error {
	var names []string
	some := false
	for _, b := range bars {
		names = append(names, b.Name)
		some = some || slices.ContainsFunc(b.Values, func(v float64) bool { return !math.IsNaN(v) })
	}
	if err := c.check(names); err != nil {
		return err
	}
	if c.LogX || c.LogY {
		return errors.New("bars have no logarithmic axis; draw lines")
	}
	if len(groups) == 0 {
		return errors.New("there are no groups")
	}
	if err := printable(groups...); err != nil {
		return err
	}
	for _, b := range bars {
		if err := b.check(groups); err != nil {
			return err
		}
	}
	if !some {
		return errors.New("no bar has a figure")
	}
	return nil
}
