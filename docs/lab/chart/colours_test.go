package chart

import (
	"math"
	"testing"
)

// TestContrast holds text to the contrast that WCAG 2 asks for, on the pages of
// GitHub. Source: https://www.w3.org/TR/WCAG22/#contrast-minimum
func TestContrast(t *testing.T) {
	const enough = 4.5
	for _, i := range append([]ink{strong, muted}, hues...) {
		if c := contrast(i.light, 0xFFFFFF); c < enough {
			t.Errorf("#%06X has a contrast of %.2f on light pages", i.light, c)
		}
		if c := contrast(i.dark, 0x0D1117); c < enough {
			t.Errorf("#%06X has a contrast of %.2f on dark pages", i.dark, c)
		}
	}
}

func contrast(a, b uint32) float64 {
	low, high := luminance(a), luminance(b)
	if low > high {
		low, high = high, low
	}
	return (high + .05) / (low + .05)
}

func luminance(c uint32) float64 {
	linear := func(v uint32) float64 {
		s := float64(v&0xFF) / 255
		if s <= .04045 {
			return s / 12.92
		}
		return math.Pow((s+.055)/1.055, 2.4)
	}
	return .2126*linear(c>>16) + .7152*linear(c>>8) + .0722*linear(c)
}
