package chart

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// check finds out whether c and the names of a chart can be drawn.
func (c Config) check(names []string) error {
	if c.Title == "" {
		return errors.New("the chart has no title")
	}
	if len(names) == 0 {
		return errors.New("there is nothing to draw")
	}
	for i, name := range names {
		switch {
		case name == "":
			return fmt.Errorf("number %d has no name", i)
		case slices.Contains(names[:i], name):
			return fmt.Errorf("the name %q is there twice", name)
		case c.Names != nil && !slices.Contains(c.Names, name):
			return fmt.Errorf("%q is none of the names %q", name, c.Names)
		}
	}
	return printable(slices.Concat(names, []string{c.Title, c.Subtitle, c.X, c.Y})...)
}

// printable keeps out what XML can't hold, and what would need several lines.
func printable(texts ...string) error {
	for _, text := range texts {
		if !utf8.ValidString(text) || slices.ContainsFunc([]rune(text), func(r rune) bool { return !unicode.IsPrint(r) }) {
			return fmt.Errorf("the text %q is not printable", text)
		}
	}
	return nil
}

func (l Line) check(logX, logY bool) error {
	if len(l.X) != len(l.Y) {
		return fmt.Errorf("%s: %d values of X, but %d of Y", l.Name, len(l.X), len(l.Y))
	}
	for i, x := range l.X {
		if math.IsNaN(x) {
			return fmt.Errorf("%s: X number %d is NaN", l.Name, i)
		}
		if i > 0 && x <= l.X[i-1] {
			return fmt.Errorf("%s: X does not ascend from %v to %v", l.Name, exact(l.X[i-1]), exact(x))
		}
		if err := onAxis(x, logX); err != nil {
			return fmt.Errorf("%s: X number %d: %w", l.Name, i, err)
		}
		if err := onAxis(l.Y[i], logY); err != nil {
			return fmt.Errorf("%s: Y at X %s: %w", l.Name, exact(x), err)
		}
	}
	return nil
}

func (b Bar) check(groups []string) error {
	if len(b.Values) != len(groups) {
		return fmt.Errorf("%s: %d values, but there are %d groups", b.Name, len(b.Values), len(groups))
	}
	for i, v := range b.Values {
		if err := onAxis(v, false); err != nil {
			return fmt.Errorf("%s: value of %q: %w", b.Name, groups[i], err)
		}
	}
	return nil
}

// onAxis finds out whether v, if it is a figure at all, has a place on an axis.
func onAxis(v float64, log bool) error {
	switch {
	case math.IsInf(v, 0):
		return errors.New("it is infinite")
	case v < 0:
		return fmt.Errorf("%s is negative", exact(v))
	case v == 0 && log:
		return errors.New("0 has no place on a logarithmic axis")
	}
	return nil
}

func exact(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
