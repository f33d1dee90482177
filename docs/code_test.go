package docs

import (
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.com/echo/docs/repo"
)

const maxFunctionLines = 60 // what a screen shows without scrolling

// TestFunctionsAreShort holds the lessons' functions to one screen.
func TestFunctionsAreShort(t *testing.T) {
	for _, s := range repository(t).sources {
		if s.lesson() < 0 || s.isTest() {
			continue
		}
		ast.Inspect(s.syntax, func(node ast.Node) bool {
			name := "a function literal"
			switch function := node.(type) {
			case *ast.FuncDecl:
				name = function.Name.Name
			case *ast.FuncLit:
			default:
				return true
			}
			lines := s.fset.Position(node.End()).Line - s.fset.Position(node.Pos()).Line + 1
			if lines > maxFunctionLines {
				t.Errorf("%s: %s has %d lines, but a function may have %d", s.at(node), name, lines, maxFunctionLines)
			}
			return true
		})
	}
}

// TestDescriptorsStartAtThree holds the lessons' programs to the lines without
// which Go opens files before main: the server socket would not be descriptor
// 3, as the text and the golden logs have it.
func TestDescriptorsStartAtThree(t *testing.T) {
	tr := repository(t)
	for _, lesson := range repo.Lessons {
		name := path.Join(lesson, "main.go")
		at := slices.IndexFunc(tr.sources, func(s *source) bool { return s.path == name })
		if at < 0 {
			t.Errorf("%s is missing", name)
			continue
		}
		var found []string
		file := tr.sources[at].syntax
		for _, group := range file.Comments {
			for _, comment := range group.List {
				if comment.Pos() < file.Package { // after it, Go takes no notice
					found = append(found, comment.Text)
				}
			}
		}
		for _, line := range []string{"//go:debug containermaxprocs=0", "//go:debug updatemaxprocs=0"} {
			if !slices.Contains(found, line) {
				t.Errorf("%s: expected the line %s before the package clause", name, line)
			}
		}
	}
}

// TestNobodySleeps holds the tests to waiting for what they expect: who sleeps
// is too early on a slow machine, and too late on all others.
func TestNobodySleeps(t *testing.T) {
	for _, s := range repository(t).sources {
		if dir := path.Dir(s.path); !s.isTest() && dir != "05-multiworker/workertest" && !isRoom(dir) {
			continue
		}
		name := "" // of package time, in this file
		for _, spec := range s.syntax.Imports {
			if spec.Path.Value == `"time"` {
				name = "time"
				if spec.Name != nil {
					name = spec.Name.Name
				}
			}
		}
		ast.Inspect(s.syntax, func(node ast.Node) bool {
			selector, ok := node.(*ast.SelectorExpr)
			if !ok || selector.Sel.Name != "Sleep" {
				return true
			}
			if of, ok := selector.X.(*ast.Ident); ok && of.Name == name {
				t.Errorf("%s: time.Sleep in a test, which should wait for an event under a deadline", s.at(node))
			}
			return true
		})
	}
}

// TestDocComments holds everything exported to a comment that begins with its
// name, and every package to one that says what the package is.
func TestDocComments(t *testing.T) {
	packages := map[string]bool{} // by directory: has a comment
	for _, s := range repository(t).sources {
		if s.isTest() {
			continue
		}
		dir, name := path.Dir(s.path), s.syntax.Name.Name
		packages[dir] = packages[dir] || s.syntax.Doc.Text() != ""
		if s.syntax.Doc != nil && name != "main" && !startsWith(s.syntax.Doc.Text(), "Package "+name) {
			t.Errorf("%s: expected the package comment to begin with %q", s.at(s.syntax.Doc), "Package "+name)
		}
		for _, decl := range s.syntax.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				if decl.Name.IsExported() && hasExportedReceiver(decl) && !startsWith(decl.Doc.Text(), decl.Name.Name) {
					t.Errorf("%s: expected a comment that begins with %q", s.at(decl), decl.Name.Name)
				}
			case *ast.GenDecl:
				checkDeclaration(t, s, decl)
			}
		}
	}
	for dir, isCommented := range packages {
		if !isCommented {
			t.Errorf("%s: none of the files has a package comment", dir)
		}
	}
}

// checkDeclaration checks the comments of types, constants and variables.
func checkDeclaration(t *testing.T, s *source, decl *ast.GenDecl) {
	t.Helper()
	isGroup := decl.Lparen.IsValid()
	isCommented, isExported := decl.Doc != nil, false
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			doc := spec.Doc
			if !isGroup {
				doc = decl.Doc
			}
			if name := spec.Name.Name; token.IsExported(name) && !startsWith(article.ReplaceAllString(doc.Text(), ""), name) {
				t.Errorf("%s: expected a comment that begins with %q, %q or the like", s.at(spec), name, "A "+name)
			}
		case *ast.ValueSpec:
			isCommented = isCommented || spec.Doc != nil || spec.Comment != nil
			for _, name := range spec.Names {
				isExported = isExported || name.IsExported()
				if name.IsExported() && !isGroup && !startsWith(decl.Doc.Text(), name.Name) {
					t.Errorf("%s: expected a comment that begins with %q", s.at(name), name.Name)
				}
			}
		}
	}
	if isGroup && isExported && !isCommented {
		t.Errorf("%s: expected at least one comment in a group with exported names", s.at(decl))
	}
}

// hasExportedReceiver says whether users of the package can call the function,
// if it is exported.
func hasExportedReceiver(decl *ast.FuncDecl) bool {
	if decl.Recv == nil {
		return true
	}
	var base *ast.Ident // in T, *T and T[P], the first name is T
	ast.Inspect(decl.Recv.List[0].Type, func(node ast.Node) bool {
		if name, ok := node.(*ast.Ident); ok && base == nil {
			base = name
		}
		return base == nil
	})
	return base.IsExported()
}

// article is what a type's comment may put before its name.
var article = regexp.MustCompile(`^(A|An|The) `)

// startsWith says whether a comment begins with the words.
func startsWith(comment, words string) bool {
	rest, ok := strings.CutPrefix(comment, words)
	return ok && (rest == "" || strings.ContainsAny(rest[:1], " ,.:;\n'"))
}
