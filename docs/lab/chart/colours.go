package chart

import (
	"fmt"
	"image/color"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg/draw"
)

// An ink is a colour on light pages and its sister on dark ones, as 0xRRGGBB.
// Whatever knows no style sheets shows the one for light pages.
type ink struct{ light, dark uint32 }

// RGBA returns the colour on light pages.
func (i ink) RGBA() (r, g, b, a uint32) {
	return color.RGBA{uint8(i.light >> 16), uint8(i.light >> 8), uint8(i.light), 0xFF}.RGBA()
}

var (
	strong = ink{0x1F2328, 0xF0F6FC}
	muted  = ink{0x59636E, 0x9198A1}
	faint  = ink{0xD8DEE4, 0x2F353D}
)

// The hues are those that Okabe and Ito chose for the colour-blind, darker on
// light pages and lighter on dark ones, so that text can have them too.
// Source: https://jfly.uni-koeln.de/color/
var hues = []ink{
	{0x0B5FB5, 0x4DA6E0}, // blue
	{0xB84A00, 0xF0803C}, // vermilion
	{0x007A59, 0x2FBF93}, // green
	{0xA84784, 0xDE95BE}, // purple
	{0x007F99, 0x8CD3F8}, // sky
	{0x5E5E66, 0xB5B8BF}, // grey
	{0x8F6400, 0xE8A820}, // orange
	{0x2B2B2B, 0xEEE35A}, // black, yellow
}

var shapes = []draw.GlyphDrawer{draw.CircleGlyph{}, draw.BoxGlyph{}, draw.PyramidGlyph{}}

// hue and marker are the n-th look. With 8 hues and 3 shapes, 24 differ.
func hue(n int) ink { return hues[n%len(hues)] }

func marker(n int) draw.GlyphStyle {
	return draw.GlyphStyle{Color: hue(n), Radius: 4, Shape: shapes[n%len(shapes)]}
}

// styleSheet returns the style of all pictures. Text is as wide in Helvetica and
// Arial as in the font that it is laid out for.
func styleSheet(withReadouts bool) string {
	var b strings.Builder
	b.WriteString("text{font-family:Helvetica,Arial,\"Liberation Sans\",sans-serif!important}\n")
	dark := ""
	if withReadouts { // with the page's colour around it, a text can be read above lines
		b.WriteString(".point circle{fill-opacity:0}\n.point text{display:none;font-size:13px;font-weight:bold;fill:#1F2328;stroke:#FFF;stroke-width:5px;paint-order:stroke}\n.point:hover text{display:inline}\n")
		dark = ".point text{fill:#F0F6FC;stroke:#0D1117}\n"
	}
	b.WriteString("@media (prefers-color-scheme:dark){\n" + dark)
	for _, i := range slices.Concat([]ink{strong, muted, faint}, hues) {
		for _, property := range []string{"fill", "stroke"} {
			fmt.Fprintf(&b, "[style*=\"%s:#%06X\"]{%[1]s:#%06[3]X!important}\n", property, i.light, i.dark)
		}
	}
	b.WriteString("}\n")
	return b.String()
}
