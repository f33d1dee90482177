package exercise

import (
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path"
	"slices"
	"strings"

	"example.com/echo/docs/declared"
	"example.com/echo/docs/practice/text"
	"example.com/echo/docs/repo"
)

// blank takes out of the lesson what the option blank names, as in
//
//	blank="02-select/selectloop/loop.go:loop.turn"
//
// or all of a file but one function's signature, with only="FILE:NAME". What the
// function must do stands in it as a comment: in the page that is what follows
// the line **NAME**, in this exercise or in an earlier one.
func (p *part) blank(root repo.Root, e *Exercise, others []*part) error {
	places, isOnly := p.options["blank"], false
	if places == "" {
		places, isOnly = p.options["only"], true
	}
	names := map[string][]string{} // by file
	for place := range strings.FieldsSeq(places) {
		file, name, _ := strings.Cut(place, ":")
		names[file] = append(names[file], name)
		if e.File == "" {
			e.File = file
		}
	}
	if e.File == "" {
		return errors.New(`names nothing to take out: blank="FILE:NAME"`)
	}
	for file, names := range names {
		source, err := os.ReadFile(root.Path(file))
		if err != nil {
			return err
		}
		b, err := newBlanker(string(source), func(name string) string { return duties(others, p, name) })
		if err != nil {
			return err
		}
		if isOnly {
			err = b.keepOnly(names[0])
		} else {
			err = b.takeOut(names)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		e.Answers[file] = string(source)
		if e.Given[file], err = b.finish(); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	_, isLogged := p.options["log"]
	e.ComparesLog, e.IsWhole = isLogged, true
	return nil
}

// duties returns what a declaration must do: the text after the line **NAME**,
// up to the next such line.
func duties(parts []*part, own *part, name string) string {
	for _, p := range append([]*part{own}, parts...) {
		_, after, found := strings.Cut("\n"+p.task+"\n", "\n**"+name+"**\n")
		if found {
			before, _, _ := strings.Cut(after, "\n**")
			return strings.TrimSpace(before)
		}
	}
	return ""
}

// A blanker takes code out of a file.
type blanker struct {
	source string
	fset   *token.FileSet
	file   *ast.File
	duties func(name string) string
	cuts   []cut
}

// A cut is what stands in a place of a file instead.
type cut struct {
	from, to int // offsets
	text     string
}

func newBlanker(source string, duties func(name string) string) (*blanker, error) {
	b := &blanker{source: source, fset: token.NewFileSet(), duties: duties}
	var err error
	b.file, err = parser.ParseFile(b.fset, "", source, parser.ParseComments|parser.SkipObjectResolution)
	return b, err
}

func (b *blanker) offset(pos token.Pos) int { return b.fset.Position(pos).Offset }

// takeOut empties functions.
func (b *blanker) takeOut(names []string) error {
	for _, name := range names {
		at := slices.IndexFunc(b.file.Decls, func(d ast.Decl) bool { return isFunction(d, name) })
		if at < 0 {
			return fmt.Errorf("there is no function %s", name)
		}
		function := b.file.Decls[at].(*ast.FuncDecl)
		b.cuts = append(b.cuts, cut{b.offset(function.Body.Pos()), b.offset(function.Body.End()), b.body(function, name)})
	}
	return nil
}

// keepOnly takes out everything but the imports, and a function's signature.
func (b *blanker) keepOnly(name string) error {
	if err := b.takeOut([]string{name}); err != nil {
		return err
	}
	for _, decl := range b.file.Decls {
		if general, ok := decl.(*ast.GenDecl); isFunction(decl, name) || ok && general.Tok == token.IMPORT {
			continue
		}
		from := decl.Pos()
		if _, doc := declared.Names(decl); doc != nil {
			from = doc.Pos()
		}
		b.cuts = append(b.cuts, cut{b.offset(from), b.offset(decl.End()), ""})
	}
	return nil
}

// isFunction reports whether a declaration is the function of a name: turn, or
// loop.turn of a method.
func isFunction(decl ast.Decl, name string) bool {
	_, ok := decl.(*ast.FuncDecl)
	names, _ := declared.Names(decl)
	return ok && names[0] == name
}

// body returns an empty body: a comment that says what to do, and an error, if
// the function returns one. Without that, a loop would spin.
func (b *blanker) body(function *ast.FuncDecl, name string) string {
	var body strings.Builder
	body.WriteString("{\n")
	for _, line := range text.Plain(b.duties(name), "") {
		body.WriteString("\t" + strings.TrimRight("// "+line, " ") + "\n")
	}
	if function.Type.Results != nil {
		var results []string
		for _, field := range function.Type.Results.List {
			if result, ok := field.Type.(*ast.Ident); ok && result.Name == "error" {
				results = append(results, fmt.Sprintf("fmt.Errorf(%q)", function.Name.Name+" is still blank"))
			} else {
				results = append(results, "0")
			}
		}
		body.WriteString("\treturn " + strings.Join(results, ", ") + "\n")
	}
	return body.String() + "}"
}

// finish returns the file. Imports that it does not need as it stands are there as
// comments: without them it would not compile, and the reader will want them.
func (b *blanker) finish() (string, error) {
	blank := b.apply()
	after, err := newBlanker(blank, nil)
	if err != nil {
		return "", err
	}
	used := map[string]bool{}
	ast.Inspect(after.file, func(node ast.Node) bool {
		if selector, ok := node.(*ast.SelectorExpr); ok {
			if name, ok := selector.X.(*ast.Ident); ok {
				used[name.Name] = true
			}
		}
		return true
	})
	for _, spec := range after.file.Imports {
		if name := path.Base(strings.Trim(spec.Path.Value, `"`)); !used[name] {
			at := after.offset(spec.Pos())
			after.cuts = append(after.cuts, cut{at, at, "// "})
		}
	}
	formatted, err := format.Source([]byte(after.apply()))
	return string(formatted), err
}

func (b *blanker) apply() string {
	slices.SortFunc(b.cuts, func(a, c cut) int { return c.from - a.from })
	source := b.source
	for _, c := range b.cuts {
		source = source[:c.from] + c.text + source[c.to:]
	}
	return source
}
