package chart

import (
	"fmt"
	"image/color"
)

// An ink is a colour on a light page and its sister on a dark one. To whatever
// knows no style sheets it is the one for a light page.
type ink struct{ light, dark color.RGBA }

func (i ink) RGBA() (r, g, b, a uint32) { return i.light.RGBA() }

func inkOf(light, dark uint32) ink { return ink{rgb(light), rgb(dark)} }

func rgb(c uint32) color.RGBA { return color.RGBA{uint8(c >> 16), uint8(c >> 8), uint8(c), 0xFF} }

var (
	strong = inkOf(0x1F2328, 0xF0F6FC)
	muted  = inkOf(0x59636E, 0x9198A1)
	faint  = inkOf(0xD8DEE4, 0x2F353D)
)

// The hues are those that Okabe and Ito chose for the colour-blind, darker on
// light pages and lighter on dark ones, so that text can have them too.
// Source: https://jfly.uni-koeln.de/color/
var hues = []ink{
	inkOf(0x0B5FB5, 0x4DA6E0), // blue
	inkOf(0xB84A00, 0xF0803C), // vermilion
	inkOf(0x007A59, 0x2FBF93), // green
	inkOf(0xA84784, 0xDE95BE), // purple
	inkOf(0x8F6400, 0xE8A820), // orange
	inkOf(0x5E5E66, 0xB5B8BF), // grey
	inkOf(0x007F99, 0x8CD3F8), // sky
	inkOf(0x6B6500, 0xEEE35A), // yellow
}

// All colours of charts.
var inks = append([]ink{strong, muted, faint}, hues...)

// hex returns a colour as the library writes it.
func hex(c color.RGBA) string { return fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B) }
