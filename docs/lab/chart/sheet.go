package chart

import (
	"bytes"
	"encoding/xml"
	"fmt"
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

// pageWidth is the pictures' width in pixels: about a column of text.
const pageWidth = 800

// A sheet is a picture in the making: its canvas is what is still empty.
type sheet struct {
	draw.Canvas
	svg    *vgsvg.Canvas
	config Config
}

// newSheet returns a sheet with the title at its top, and with so much height
// below.
func newSheet(c Config, height vg.Length) *sheet {
	title := label(17, strong)
	title.Font.Weight = xfont.WeightBold
	small := label(13, muted)
	const margin = 12
	titles := wrap(title, c.Title, pageWidth-2*margin)
	subtitles := wrap(small, c.Subtitle, pageWidth-2*margin)
	height += vg.Length(22*len(titles)+18*len(subtitles)) + 3*margin

	svg := vgsvg.New(pageWidth, height)
	s := &sheet{draw.Crop(draw.New(svg), margin, -margin, margin, -margin), svg, c}
	for _, line := range titles {
		s.heading(title, line, 22)
	}
	for _, line := range subtitles {
		s.heading(small, line, 18)
	}
	s.Max.Y -= margin
	return s
}

// heading writes a line at the top, which takes so much height.
func (s *sheet) heading(style text.Style, line string, height vg.Length) {
	s.FillText(style, vg.Point{X: s.Min.X, Y: s.Max.Y - style.Font.Size}, line)
	s.Max.Y -= height
}

// wrap breaks words into lines that are not wider than width.
func wrap(style text.Style, words string, width vg.Length) []string {
	var lines []string
	for _, word := range strings.Fields(words) {
		last := len(lines) - 1
		if last >= 0 && style.Width(lines[last]+" "+word) <= width {
			lines[last] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return lines
}

func sans(size vg.Length) font.Font {
	return font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
}

// label returns the style of text that begins, on its base line, at its place.
func label(size vg.Length, colour ink) text.Style {
	return text.Style{Color: colour, Font: sans(size), Handler: plot.DefaultTextHandler}
}

// write writes the picture of the named servers.
func (s *sheet) write(w io.Writer, names []string) error {
	var made bytes.Buffer
	if _, err := s.svg.WriteTo(&made); err != nil {
		return err
	}
	// The library's own head has a size in points, and no place for ours.
	_, body, ok := strings.Cut(made.String(), "<g ")
	if !ok {
		return fmt.Errorf("the SVG has no group: %.100q", made.String())
	}
	body = withoutFonts.Replace("<g " + body)
	width, height := s.svg.Size()
	_, err := fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %[1]v %[2]v" role="img" aria-labelledby="title desc">
<title id="title">%s</title>
<desc id="desc">%s</desc>
<style>
%s</style>
%s`, width.Points(), height.Points(), escape(s.config.Title), escape(s.config.describe(names)), styleSheet(body), body)
	return err
}

// withoutFonts takes the names of fonts out, which the style sheet has.
var withoutFonts = strings.NewReplacer(
	"font-family:Liberation Sans;font-variant:normal;", "",
	"font-weight:normal;", "",
	"font-style:normal;", "",
	"\n\t", " ",
)

// styleSheet returns the style of a picture with that body. Text is as wide in
// Helvetica and Arial as in the font that it is laid out for.
func styleSheet(body string) string {
	var b strings.Builder
	b.WriteString("text{font-family:Helvetica,Arial,\"Liberation Sans\",sans-serif}\n" +
		"path{stroke-linejoin:round}\n" +
		"@media (prefers-color-scheme:dark){\n")
	for _, i := range inks {
		for _, property := range []string{"fill", "stroke"} {
			if light := property + ":" + hex(i.light); strings.Contains(body, light) {
				fmt.Fprintf(&b, "[style*=\"%s\"]{%s:%s!important}\n", light, property, hex(i.dark))
			}
		}
	}
	b.WriteString("}\n")
	return b.String()
}

// describe returns what is in the picture, for those who can't see it.
func (c Config) describe(names []string) string {
	text := c.Y
	if c.X != "" {
		text += " by " + c.X
	}
	return strings.TrimSpace(text + " of " + strings.Join(names, "; "))
}

func escape(text string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(text)) // a Builder never fails
	return b.String()
}
