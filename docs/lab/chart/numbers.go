package chart

import (
	"math"
	"strconv"

	"github.com/dustin/go-humanize"
)

// number prints v as people read it: 0.25, 12.3, 15,000, 1.2 M.
func number(v float64) string {
	switch {
	case v >= 1e9:
		return significant(v/1e9) + " G"
	case math.Round(v) >= 1e6:
		return significant(v/1e6) + " M"
	case v >= 999.5:
		return thousands(v)
	}
	return significant(v)
}

// numberOf prints v, a tick of an axis that ends at top. All its ticks have the
// same unit.
func numberOf(v, top float64) string {
	switch {
	case v == 0:
		return "0"
	case top >= 1e9:
		return significant(v/1e9) + " G"
	case top >= 1e6:
		return significant(v/1e6) + " M"
	}
	return number(v)
}

// significant prints three digits of v at most, if it is below a thousand.
func significant(v float64) string {
	if v >= 999.5 {
		return thousands(v)
	}
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 3, 64), 64)
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

func thousands(v float64) string { return humanize.Comma(int64(math.Round(v))) }
