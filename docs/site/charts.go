package main

import (
	"fmt"
	"regexp"
	"strings"

	"example.com/echo/docs/markdown"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var (
	svgStyle   = regexp.MustCompile(`(?s)<style>\s*(.*?)</style>\s*`)
	styled     = regexp.MustCompile(`style="([^"]*)"`)
	styleMatch = regexp.MustCompile(`\[style\*="(\w+):(#\w+)"\]`)
)

// inlineChart puts a chart itself into the page, in the place of the image that
// shows it: so the figure at each of its points can be seen on focus. It reports
// false for a picture without such points.
func (r *rewriter) inlineChart(img *html.Node, name string) (bool, error) {
	content, err := r.root.FS().ReadFile(name)
	if err != nil || !strings.Contains(string(content), `class="point"`) {
		return false, err
	}
	text := string(content)
	text = text[strings.Index(text, "<svg"):]
	style := svgStyle.FindStringSubmatch(text)
	if style == nil {
		return false, fmt.Errorf("%s has points, and no style", name)
	}
	// A page's policy allows no styles inside of it: they become attributes, and a
	// style sheet of the site.
	r.files["charts.css"] = []byte(scoped(style[1]))
	r.p.Styles = []string{"charts.css"}
	text = styled.ReplaceAllStringFunc(svgStyle.ReplaceAllString(text, ""), attributes)
	nodes, err := html.ParseFragment(strings.NewReader(text), img.Parent)
	if err != nil {
		return false, err
	}
	if img.Parent.DataAtom == atom.P { // which may have no blocks in it
		img.Parent.Data, img.Parent.DataAtom = "div", atom.Div
	}
	chart := element("div", "chart")
	img.Parent.InsertBefore(chart, img)
	img.Parent.RemoveChild(img)
	for _, node := range nodes {
		chart.AppendChild(node)
	}
	for node := range chart.Descendants() {
		switch {
		case node.DataAtom == atom.Svg:
			node.Attr = append(node.Attr, html.Attribute{Key: "role", Val: "group"}, html.Attribute{Key: "aria-label", Val: markdown.Attr(img, "alt")})
		case markdown.Attr(node, "class") == "point":
			node.Attr = append(node.Attr, html.Attribute{Key: "tabindex", Val: "0"}, html.Attribute{Key: "role", Val: "img"},
				html.Attribute{Key: "aria-label", Val: markdown.Text(node)})
		}
	}
	return true, nil
}

// attributes returns a style attribute as attributes of SVG.
func attributes(style string) string {
	var made []string
	for declaration := range strings.SplitSeq(styled.FindStringSubmatch(style)[1], ";") {
		if name, value, ok := strings.Cut(declaration, ":"); ok {
			made = append(made, fmt.Sprintf(`%s="%s"`, name, value))
		}
	}
	return strings.Join(made, " ")
}

// scoped returns the rules of a chart's style sheet for charts inside of pages.
func scoped(sheet string) string {
	var b strings.Builder
	for line := range strings.Lines(styleMatch.ReplaceAllString(sheet, `[$1="$2"]`)) {
		if !strings.HasPrefix(line, "@") && !strings.HasPrefix(line, "}") {
			line = ".chart " + line
		}
		b.WriteString(line)
	}
	return b.String()
}
