package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"strings"
)

// Sizes are in the picture's units, which are pixels where there is room. A
// telephone shows the picture at about 2/3 of its size, where all of it can
// still be read.
const (
	width  = 560
	margin = 16
	rowH   = 32 // of a cell
)

// style is the look of all pictures. A picture has a background of its own: it
// follows the reader's system, while the page around it may not. What colours
// say, dashes or words say too.
const style = `
text{font:16px system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;fill:#1f2328}
.mono{font:15px ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
.strong{font-weight:600}
.middle{text-anchor:middle}
.end{text-anchor:end}
.faint{fill:#59636e}
rect,path{stroke:#59636e;stroke-width:1.5;fill:none}
.head{fill:#1f2328;stroke:none}
.page{fill:#fff;stroke:none}
.box{fill:#f6f8fa;stroke:#d1d9e0}
.plain{fill:#fff}
.ghost{stroke-dasharray:4 3;opacity:.8}
.set{fill:#cbe6ff;stroke:#0550ae}
.wait{fill:#ffe2c4;stroke:#9a4600}
.win{fill:#c9f2d2;stroke:#116329}
.mark{fill:#1f2328;stroke:none}
.onmark{fill:#fff;font-weight:600;font-size:14px}
.line{stroke:#1f2328}
@media(prefers-color-scheme:dark){
text{fill:#f0f6fc}
.faint{fill:#9aa4af}
rect,path{stroke:#9aa4af}
.head{fill:#f0f6fc;stroke:none}
.page{fill:#0d1117;stroke:none}
.box{fill:#161c24;stroke:#3d444d}
.plain{fill:#0d1117}
.set{fill:#0b3563;stroke:#58a6ff}
.wait{fill:#4d2800;stroke:#f0883e}
.win{fill:#0f3d1f;stroke:#3fb950}
.mark{fill:#f0f6fc;stroke:none}
.onmark{fill:#0d1117}
.line{stroke:#f0f6fc}
}
`

// A picture is drawn from top to bottom: y is where its next part begins.
type picture struct {
	name  string
	title string
	moves string // more of the style: what moves the picture
	y     int

	body     bytes.Buffer
	captions []string // sentences below the picture; they are its description too
}

// heading says what the picture shows.
func (p *picture) heading(title string) {
	p.title, p.y = title, 60
	p.text("strong", margin, 34, title)
}

func (p *picture) rect(class string, x, y, w, h int) {
	fmt.Fprintf(&p.body, "<rect class=%q x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\"/>\n", class, x, y, w, h)
}

// text writes a line of text; y is where its letters stand.
func (p *picture) text(class string, x, y int, text string) {
	fmt.Fprintf(&p.body, "<text class=%q x=\"%d\" y=\"%d\">", class, x, y)
	xml.EscapeText(&p.body, []byte(text))
	p.body.WriteString("</text>\n")
}

// cell draws a box with a text in its middle.
func (p *picture) cell(class string, x, y, w int, text string) {
	p.rect(class, x, y, w, rowH)
	textClass := "mono middle"
	if class == "ghost" {
		textClass += " faint"
	}
	p.text(textClass, x+w/2, y+21, text)
}

// arrow draws a line with a head at its second end.
func (p *picture) arrow(x1, y1, x2, y2 int) {
	fmt.Fprintf(&p.body, "<path class=\"line\" d=\"M%d %dL%d %d\"/>\n", x1, y1, x2, y2)
	angle := math.Atan2(float64(y2-y1), float64(x2-x1)) * 180 / math.Pi
	fmt.Fprintf(&p.body, "<path class=\"head\" d=\"M1 0L-9 -5V5Z\" transform=\"translate(%d %d)rotate(%.0f)\"/>\n", x2, y2, angle)
}

// mark puts the number of the next caption at a place.
func (p *picture) mark(x, y int, caption string, args ...any) {
	p.captions = append(p.captions, fmt.Sprintf(caption, args...))
	p.number(x, y, len(p.captions))
}

func (p *picture) number(x, y, number int) {
	p.rect("mark", x, y, 20, 20)
	p.text("middle onmark", x+10, y+15, fmt.Sprint(number))
}

// svg returns the picture, with its captions below.
func (p *picture) svg() []byte {
	for i, caption := range p.captions {
		p.number(margin, p.y, i+1)
		for _, line := range wrap(caption, 58) {
			p.text("", margin+30, p.y+15, line)
			p.y += 22
		}
		p.y += 6
	}
	p.y += margin - 6
	var svg bytes.Buffer
	fmt.Fprintf(&svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"t d\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n", width, p.y, width, p.y)
	svg.WriteString(`<title id="t">`)
	xml.EscapeText(&svg, []byte(p.title))
	svg.WriteString("</title>\n" + `<desc id="d">`)
	xml.EscapeText(&svg, []byte(strings.Join(p.captions, " ")))
	svg.WriteString("</desc>\n")
	fmt.Fprintf(&svg, "<style>%s%s</style>\n", style, p.moves)
	fmt.Fprintf(&svg, "<rect class=\"page\" width=\"%d\" height=\"%d\" rx=\"6\"/>\n%s</svg>\n", width, p.y, p.body.Bytes())
	return svg.Bytes()
}

// wrap breaks a text at blanks, into lines of at most so many characters.
func wrap(text string, most int) (lines []string) {
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > most {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(lines, line)
}
