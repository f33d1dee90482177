package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"example.com/echo/docs/declared"
)

// code makes a block of Go code:
//
//	go FILE [NAME [FIRST [LAST]]]
//
// NAME is what is declared: Run, loop, loop.turn. FIRST is a part of a line of
// it, where the block begins; it ends with the statement or comment that begins
// there, or with that of the next line that contains LAST. With doc=no the
// declaration's comment is left out.
func (r *request) code() (string, error) {
	lines, _, err := r.quote()
	if err != nil {
		return "", err
	}
	return r.block("go", strings.Join(outdent(lines), "\n"))
}

// link makes a link to what code would show, with the lines in it. Its text is
// the file's name, or what text= says.
func (r *request) link() (string, error) {
	lines, first, err := r.quote()
	if err != nil {
		return "", err
	}
	target, err := filepath.Rel(filepath.Dir(r.page), r.args[0])
	if err != nil {
		return "", err
	}
	text := r.option("text")
	if text == "" {
		text = target
	}
	return fmt.Sprintf("[%s](%s#L%d-L%d)", text, filepath.ToSlash(target), first, first+len(lines)-1), nil
}

// quote returns the lines that the arguments of code name, and the number of the
// first.
func (r *request) quote() (lines []string, first int, err error) {
	if err := r.want("FILE", "[NAME]", "[FIRST]", "[LAST]"); err != nil {
		return nil, 0, err
	}
	source, err := readSource(r.root.Path(r.args[0]))
	if err != nil {
		return nil, 0, err
	}
	from, to := 1, len(source.lines)
	if len(r.args) > 1 {
		from, to, err = source.declaration(r.args[1], r.option("doc") != "no")
	}
	if err == nil && len(r.args) > 2 {
		from, to, err = source.within(from, to, r.args[2:])
	}
	if err != nil {
		return nil, 0, err
	}
	return source.lines[from-1 : to], from, nil
}

// A source is a Go file. Its lines are counted from 1.
type source struct {
	fset  *token.FileSet
	file  *ast.File
	lines []string
}

func readSource(name string) (*source, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	s := &source{fset: token.NewFileSet(), lines: strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")}
	s.file, err = parser.ParseFile(s.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	return s, err
}

func (s *source) line(pos token.Pos) int { return s.fset.Position(pos).Line }

// declaration returns the lines of what is declared as name; a group for one of
// its constants or variables.
func (s *source) declaration(name string, withDoc bool) (from, to int, err error) {
	for _, decl := range s.file.Decls {
		if names, doc := declared.Names(decl); slices.Contains(names, name) {
			from, to = s.line(decl.Pos()), s.line(decl.End())
			if withDoc && doc != nil {
				from = s.line(doc.Pos())
			}
			return from, to, nil
		}
	}
	return 0, 0, fmt.Errorf("the file declares no %s", name)
}

// within returns those of the lines that begin with the one that contains the
// first text and end with what begins at the one that contains the last.
func (s *source) within(from, to int, texts []string) (int, int, error) {
	begin := 0
	for _, text := range texts {
		for ; from <= to && !strings.Contains(s.lines[from-1], text); from++ {
		}
		if from > to {
			return 0, 0, fmt.Errorf("no line with %q is there", text)
		}
		if begin == 0 {
			begin = from
		}
	}
	return begin, s.endOf(from), nil
}

// endOf returns the last line of the statement that begins at a line, or of the
// one after the comment that is there.
func (s *source) endOf(line int) int {
	for strings.HasPrefix(strings.TrimSpace(s.lines[line-1]), "//") {
		line++
	}
	end := line
	ast.Inspect(s.file, func(node ast.Node) bool {
		if node != nil && s.line(node.Pos()) == line {
			end = max(end, s.line(node.End()))
		}
		return true
	})
	return end
}

// outdent takes from the lines the tabs that all begin with.
func outdent(lines []string) []string {
	tabs := -1
	for _, line := range lines {
		if n := len(line) - len(strings.TrimLeft(line, "\t")); line != "" && (tabs < 0 || n < tabs) {
			tabs = n
		}
	}
	var out []string
	for _, line := range lines {
		out = append(out, line[min(max(tabs, 0), len(line)):])
	}
	return out
}
