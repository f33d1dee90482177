package compare

import (
	"go/scanner"
	"go/token"
	"strings"
)

// tokens returns the lines of a source in pieces: Go's tokens, the words of
// comments, and the blanks between.
func tokens(source string) []Line {
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(source))
	var s scanner.Scanner
	s.Init(file, []byte(source), nil, scanner.ScanComments)
	w := &writer{lines: []Line{{Number: 1}}}
	at := 0
	for {
		pos, kind, literal := s.Scan()
		if kind == token.EOF {
			break
		}
		if kind == token.SEMICOLON && literal == "\n" { // it is not in the source
			continue
		}
		if literal == "" {
			literal = kind.String()
		}
		offset := file.Offset(pos)
		w.write(source[at:offset], "")
		if kind == token.COMMENT {
			w.words(literal)
		} else {
			w.write(literal, class(kind))
		}
		at = offset + len(literal)
	}
	w.write(source[at:], "")
	if len(w.line().Pieces) == 0 { // behind the last newline
		return w.lines[:len(w.lines)-1]
	}
	return w.lines
}

func class(kind token.Token) string {
	switch {
	case kind.IsKeyword():
		return "k"
	case kind == token.STRING, kind == token.CHAR:
		return "s"
	case kind == token.INT, kind == token.FLOAT:
		return "n"
	}
	return ""
}

// A writer collects pieces into lines.
type writer struct{ lines []Line }

func (w *writer) line() *Line { return &w.lines[len(w.lines)-1] }

// write adds a piece, which may go over several lines.
func (w *writer) write(text, class string) {
	for i, part := range strings.Split(text, "\n") {
		if i > 0 {
			w.lines = append(w.lines, Line{Number: len(w.lines) + 1})
		}
		if part != "" {
			w.line().Pieces = append(w.line().Pieces, Piece{Text: part, Class: class})
		}
	}
}

// words adds a comment, word for word.
func (w *writer) words(comment string) {
	for comment != "" {
		end := strings.IndexAny(comment, " \t\n")
		switch {
		case end < 0:
			end = len(comment)
		case end == 0:
			end = 1
		}
		w.write(comment[:end], "c")
		comment = comment[end:]
	}
}
