// Package highlight marks keywords, strings, numbers, comments and names of
// functions in code, by the CSS classes k, s, n, c and f.
package highlight

import (
	"cmp"
	"html/template"
	"strings"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

// Lines returns the lines of a text as HTML, without their newlines. A language
// that is not known has nothing marked.
func Lines(language, text string) []template.HTML {
	lexer := lexers.Fallback
	if language != "" {
		lexer = cmp.Or(lexers.Get(language), lexer)
	}
	tokens, err := chroma.Coalesce(lexer).Tokenise(nil, text)
	if err != nil {
		tokens, _ = lexers.Fallback.Tokenise(nil, text)
	}
	var lines []template.HTML
	for _, line := range chroma.SplitTokensIntoLines(tokens.Tokens()) {
		var b strings.Builder
		for _, token := range line {
			b.WriteString(string(Span(class(token.Type), strings.TrimSuffix(token.Value, "\n"))))
		}
		lines = append(lines, template.HTML(b.String()))
	}
	return lines
}

// Span returns text in an element of a class, or bare if there is none. A page has
// thousands of them, so they are short.
func Span(class, text string) template.HTML {
	escaped := template.HTMLEscapeString(text)
	if class == "" || strings.TrimSpace(text) == "" {
		return template.HTML(escaped)
	}
	return template.HTML("<i class=" + class + ">" + escaped + "</i>")
}

func class(t chroma.TokenType) string {
	switch {
	case t.InCategory(chroma.Comment):
		return "c"
	case t.InCategory(chroma.Keyword):
		return "k"
	case t.InSubCategory(chroma.LiteralString):
		return "s"
	case t.InSubCategory(chroma.LiteralNumber):
		return "n"
	case t == chroma.NameFunction:
		return "f"
	}
	return ""
}
