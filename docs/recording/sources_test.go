package recording

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"strings"
	"testing"

	"example.com/echo/docs/repo"
)

// TestSources expects that the lines of a recording are where it says: the same
// text, in the same function. Otherwise it would point a reader to another line.
func TestSources(t *testing.T) {
	root, err := repo.FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	all, err := All(root.FS())
	if err != nil {
		t.Fatal(err)
	}
	sources := map[string]*source{}
	stale := map[string]bool{}
	for _, r := range all {
		for _, f := range r.Frames {
			if sources[f.File] == nil {
				sources[f.File] = read(t, root, f.File)
			}
			if found := sources[f.File].frame(f.File, f.Line); !isSame(f, found) && !stale[r.Lesson] {
				stale[r.Lesson] = true // one is enough to see why
				t.Errorf("go run ./docs/record mends this: in %s, %s:%d is %s\n\t%s\nbut now it is %s\n\t%s",
					Path(r.Lesson, r.Script), f.File, f.Line, f.Function, f.Text, found.Function, found.Text)
			}
		}
	}
}

// isSame compares frames. A function literal is recorded as its function and
// ".func1", or the like.
func isSame(recorded, found Frame) bool {
	rest, ok := strings.CutPrefix(recorded.Function, found.Function)
	return ok && (rest == "" || strings.HasPrefix(rest, ".func")) && recorded.Text == found.Text
}

type source struct {
	lines []string
	fset  *token.FileSet
	file  *ast.File
}

func read(t *testing.T, root repo.Root, name string) *source {
	text, err := os.ReadFile(root.Path(name))
	if err != nil {
		t.Errorf("go run ./docs/record mends this: %v", err)
		return &source{file: &ast.File{}}
	}
	s := &source{lines: strings.Split(string(text), "\n"), fset: token.NewFileSet()}
	if s.file, err = parser.ParseFile(s.fset, name, text, 0); err != nil {
		t.Fatal(err)
	}
	return s
}

// frame returns what is at a line now.
func (s *source) frame(name string, line int) (f Frame) {
	if line <= len(s.lines) {
		f.Text = strings.TrimSpace(s.lines[line-1])
	}
	for _, decl := range s.file.Decls {
		function, ok := decl.(*ast.FuncDecl)
		if !ok || s.fset.Position(function.Pos()).Line > line || s.fset.Position(function.End()).Line < line {
			continue
		}
		f.Function = path.Base(path.Dir(name)) + "."
		if s.file.Name.Name == "main" {
			f.Function = "main."
		}
		if function.Recv != nil {
			switch receiver := function.Recv.List[0].Type.(type) {
			case *ast.StarExpr:
				f.Function += "(*" + receiver.X.(*ast.Ident).Name + ")."
			case *ast.Ident:
				f.Function += receiver.Name + "."
			}
		}
		f.Function += function.Name.Name
	}
	return f
}
