// Package compare lays two Go files side by side: aligned by declaration, with
// the tokens marked in which they differ.
package compare

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// A Section is a declaration, of both files or of one. The first sections are
// the package clause and the imports.
type Section struct {
	Name        string
	Left, Right bool // which of the files have it
	Same        bool // both have it, word for word
	Rows        []Row
}

// IsDeclaration reports whether the section is neither the package clause nor
// the imports.
func (s Section) IsDeclaration() bool { return s.Name != packageName && s.Name != importsName }

// A Row is a line of each file, or of one: the other is nil.
type Row struct{ Left, Right *Line }

// IsChanged reports whether anything in the row is marked.
func (r Row) IsChanged() bool { return r.Left.isChanged() || r.Right.isChanged() }

// A Line is a line of a file, in pieces.
type Line struct {
	Number int // from 1
	Pieces []Piece
}

func (l *Line) isChanged() bool {
	return l != nil && slices.ContainsFunc(l.Pieces, func(p Piece) bool { return p.Changed })
}

// A Piece is a token, a word of a comment, or the blanks between them.
type Piece struct {
	Text    string
	Class   string // as in package highlight
	Changed bool
}

func (p Piece) isBlank() bool { return strings.TrimSpace(p.Text) == "" }

const packageName, importsName = "package", "imports"

// Files returns the sections of two Go files. Each line of a file is in one of
// them, but blank lines between declarations are in none.
func Files(left, right string) ([]Section, error) {
	a, err := split(left)
	if err != nil {
		return nil, err
	}
	b, err := split(right)
	if err != nil {
		return nil, err
	}
	var sections []Section
	for _, p := range align(len(a), len(b), func(i, j int) int {
		if a[i].name == b[j].name {
			return 1
		}
		return 0
	}) {
		switch {
		case p.right < 0:
			sections = append(sections, Section{Name: a[p.left].name, Left: true, Rows: beside(a[p.left].lines, nil)})
		case p.left < 0:
			sections = append(sections, Section{Name: b[p.right].name, Right: true, Rows: beside(nil, b[p.right].lines)})
		default:
			s := Section{Name: a[p.left].name, Left: true, Right: true, Rows: beside(a[p.left].lines, b[p.right].lines)}
			s.Same = text(a[p.left].lines) == text(b[p.right].lines)
			sections = append(sections, s)
		}
	}
	return sections, nil
}

// A part is a declaration of a file with its comment, or what is before the
// first one.
type part struct {
	name  string
	lines []Line
}

// split returns the parts of a file.
func split(source string) ([]part, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	lines := tokens(source)
	parts := []part{{name: packageName}}
	begins := []int{0}
	for _, decl := range file.Decls {
		name, pos := declared(decl)
		parts = append(parts, part{name: name})
		begins = append(begins, fset.Position(pos).Line-1)
	}
	for i := range parts {
		end := len(lines)
		if i+1 < len(parts) {
			end = begins[i+1]
		}
		for end > begins[i] && len(lines[end-1].Pieces) == 0 {
			end--
		}
		parts[i].lines = lines[begins[i]:end]
	}
	return parts, nil
}

// declared returns the name of what is declared, and where it begins.
func declared(decl ast.Decl) (string, token.Pos) {
	begin := func(doc *ast.CommentGroup) token.Pos {
		if doc != nil {
			return doc.Pos()
		}
		return decl.Pos()
	}
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		return decl.Name.Name, begin(decl.Doc)
	case *ast.GenDecl:
		switch spec := decl.Specs[0].(type) {
		case *ast.TypeSpec:
			return spec.Name.Name, begin(decl.Doc)
		case *ast.ValueSpec:
			return spec.Names[0].Name, begin(decl.Doc)
		}
	}
	return importsName, decl.Pos()
}

func text(lines []Line) string {
	var b strings.Builder
	for _, l := range lines {
		for _, p := range l.Pieces {
			b.WriteString(p.Text)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
