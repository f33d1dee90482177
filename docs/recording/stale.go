package recording

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strings"
)

// Stale returns an error if a source line that the recording points to has
// moved or changed since. It would point a reader to another line.
func (r *Recording) Stale(files fs.FS) error {
	sources := map[string]*source{}
	for _, f := range r.Frames {
		if sources[f.File] == nil {
			read, err := read(files, f.File)
			if err != nil {
				return r.stale(err.Error())
			}
			sources[f.File] = read
		}
		if found := sources[f.File].frame(f.File, f.Line); !isSame(f, found) {
			return r.stale(fmt.Sprintf("%s:%d was %s\n\t%s\nand now is %s\n\t%s", f.File, f.Line, f.Function, f.Text, found.Function, found.Text))
		}
	}
	return nil
}

func (r *Recording) stale(why string) error {
	return fmt.Errorf("%s is stale; go run ./docs/record makes it anew: %s", Path(r.Lesson, r.Script), why)
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

func read(files fs.FS, name string) (*source, error) {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	s := &source{lines: strings.Split(string(text), "\n"), fset: token.NewFileSet()}
	s.file, err = parser.ParseFile(s.fset, name, text, parser.SkipObjectResolution)
	return s, err
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
