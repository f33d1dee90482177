package chart

import (
	"bytes"
	"image/color"
	"math"
	"strings"
	"testing"
)

// TestNamesKeepTheirLook draws a server alone that is the third of all.
func TestNamesKeepTheirLook(t *testing.T) {
	var picture bytes.Buffer
	config := Config{Title: "T", Names: []string{"select", "poll", "epoll"}}
	if err := Lines(&picture, config, []Line{{"epoll", []float64{1}, []float64{1}}}); err != nil {
		t.Fatal(err)
	}
	if want := "fill:" + hex(hues[2].light); !strings.Contains(picture.String(), want) {
		t.Errorf("expected the look of the third name, %s, in\n%s", want, &picture)
	}
}

// TestLooksDiffer finds lines that would look the same.
func TestLooksDiffer(t *testing.T) {
	seen := map[[2]any]int{}
	for n := range 3 * len(hues) {
		marker := (n + n/len(hues)) % len(markers)
		look := [2]any{hue(n), marker}
		if other, ok := seen[look]; ok {
			t.Errorf("the looks %d and %d are the same", other, n)
		}
		seen[look] = n
	}
}

// TestContrast holds text to the contrast that WCAG 2 asks for, on the pages of
// GitHub. Source: https://www.w3.org/TR/WCAG22/#contrast-minimum
func TestContrast(t *testing.T) {
	const enough = 4.5
	for _, i := range inks {
		if i == faint {
			continue // the grid is no text
		}
		if c := contrast(i.light, rgb(0xFFFFFF)); c < enough {
			t.Errorf("%s has a contrast of %.2f on light pages", hex(i.light), c)
		}
		if c := contrast(i.dark, rgb(0x0D1117)); c < enough {
			t.Errorf("%s has a contrast of %.2f on dark pages", hex(i.dark), c)
		}
	}
}

func contrast(a, b color.RGBA) float64 {
	low, high := luminance(a), luminance(b)
	if low > high {
		low, high = high, low
	}
	return (high + .05) / (low + .05)
}

func luminance(c color.RGBA) float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= .04045 {
			return s / 12.92
		}
		return math.Pow((s+.055)/1.055, 2.4)
	}
	return .2126*linear(c.R) + .7152*linear(c.G) + .0722*linear(c.B)
}
