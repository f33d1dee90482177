// Package declared names what a Go file declares, as the pages name it.
package declared

import (
	"fmt"
	"go/ast"
)

// Names returns the names that decl declares, and its comment: turn for a function,
// loop.turn for a method of loop or *loop; of imports none.
func Names(decl ast.Decl) (names []string, doc *ast.CommentGroup) {
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		return []string{receiver(decl) + decl.Name.Name}, decl.Doc
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				names = append(names, spec.Name.Name)
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					names = append(names, name.Name)
				}
			}
		}
		return names, decl.Doc
	}
	return nil, nil
}

// receiver returns "loop." for a method of loop or *loop, "" for a function.
func receiver(decl *ast.FuncDecl) string {
	if decl.Recv == nil {
		return ""
	}
	of := decl.Recv.List[0].Type
	if star, ok := of.(*ast.StarExpr); ok {
		of = star.X
	}
	return fmt.Sprint(of) + "."
}
