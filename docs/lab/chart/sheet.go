package chart

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"strings"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// A sheet is a picture in the making. Its canvas is what is still empty.
type sheet struct {
	draw.Canvas
	svg      *vgsvg.Canvas
	title    string
	readouts string // more SVG, above all else
}

// newSheet returns a sheet with the titles at its top, and so much height below.
// It is narrow, so that its text stays large where a telephone shrinks it.
func newSheet(c Config, height vg.Length) *sheet {
	const width, margin, titles = 500, 8, 48
	svg := vgsvg.New(width, margin+titles+height+margin)
	s := &sheet{draw.Crop(draw.New(svg), margin, -margin, margin, -margin), svg, c.Title, ""}
	title := textStyle(strong, 17)
	title.Font.Weight = xfont.WeightBold
	s.head(title, c.Title)
	s.head(textStyle(muted, 12), c.Subtitle)
	s.Max.Y = s.Min.Y + height
	return s
}

// head writes a line at the top, and takes its height away.
func (s *sheet) head(style text.Style, line string) {
	s.FillText(style, vg.Point{X: s.Min.X, Y: s.Max.Y - style.Font.Size}, line)
	s.Max.Y -= 1.4 * style.Font.Size
}

// textStyle returns the style of text that begins, on its base line, at its
// place.
func textStyle(colour ink, size vg.Length) text.Style {
	return text.Style{Color: colour, Font: font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}, Handler: plot.DefaultTextHandler}
}

// write writes the picture, with its title and the style of its text and colours
// behind the library's head.
func (s *sheet) write(w io.Writer) error {
	var made bytes.Buffer
	if _, err := s.svg.WriteTo(&made); err != nil {
		return err
	}
	head, body, _ := strings.Cut(made.String(), "<g ")
	body, tail := body[:strings.LastIndex(body, "</g>")], body[strings.LastIndex(body, "</g>"):]
	_, err := fmt.Fprintf(w, "%s<title>%s</title>\n<style>\n%s</style>\n<g %s%s%s", head, html.EscapeString(s.title), styleSheet(s.readouts != ""), body, s.readouts, tail)
	return err
}
