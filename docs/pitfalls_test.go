package docs

import (
	"go/ast"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"example.com/echo/docs/repo"
)

var (
	heldBy   = regexp.MustCompile(`(?m)^- \*\*Held by:\*\* (.*)$`)
	testName = regexp.MustCompile("`([^`:]+): (Test\\w+)(?:/([^`]+))?`")
	parts    = []string{"\n- **See it:** ", "\n- **Right:** "}
	instead  = "\n- **Cannot be provoked here:** "
)

const pitfallsPage = "docs/pitfalls.md"

// TestPitfalls holds the catalogue to saying the same of every fault, and to
// tests that exist.
func TestPitfalls(t *testing.T) {
	tr := repository(t)
	page := string(tr.read(t, pitfallsPage))
	for _, fault := range strings.Split(page, "\n### ")[1:] {
		fault, _, _ = strings.Cut(fault, "\n## ")
		title, _, _ := strings.Cut(fault, "\n")
		for _, part := range parts {
			if !strings.Contains(fault, part) {
				t.Errorf("%s: %s: expected a line that begins %q", pitfallsPage, title, part[1:])
			}
		}
		held := heldBy.FindStringSubmatch(fault)
		if held == nil {
			if !strings.Contains(fault, instead) {
				t.Errorf("%s: %s: no test is named, and no reason why not", pitfallsPage, title)
			}
			continue
		}
		names := testName.FindAllStringSubmatch(held[1], -1)
		if len(names) == 0 || strings.Count(held[1], "`") != 2*len(names) {
			t.Errorf("%s: %s: expected tests as `package: TestName/subtest`, but there is %s", pitfallsPage, title, held[1])
		}
		for _, name := range names {
			for _, dir := range packagesOf(name[1]) {
				tr.checkTest(t, dir, name[2], name[3])
			}
		}
	}
}

// packagesOf returns the directories that the catalogue means.
func packagesOf(name string) []string {
	below, ok := strings.CutPrefix(name, "every lesson")
	if !ok {
		return []string{name}
	}
	var dirs []string
	for _, lesson := range repo.Lessons {
		dirs = append(dirs, lesson+below)
	}
	return dirs
}

// checkTest checks that the package in dir has the test. The subtest must be a
// scenario, or else a string in the package or in a room of echotest, whose tests
// the lessons run.
func (tr *tree) checkTest(t *testing.T, dir, test, subtest string) {
	t.Helper()
	isDeclared, isNamed := false, subtest == ""
	for _, s := range tr.sources {
		from := path.Dir(s.path)
		if from != dir && from != "05-multiworker/workertest" && !isRoom(from) {
			continue
		}
		isDeclared = isDeclared || from == dir && s.isTest() && declares(s.syntax, test)
		switch {
		case test != "TestScenarios":
			isNamed = isNamed || mentions(s.syntax, subtest)
		case strings.HasPrefix(path.Base(s.path), "scenarios"):
			isNamed = isNamed || hasScenario(s.syntax, subtest)
		}
	}
	if !isDeclared {
		t.Errorf("%s names %s: %s, but there is no such test", pitfallsPage, dir, test)
	}
	if !isNamed {
		t.Errorf("%s names %s: %s/%s, but there is no such subtest", pitfallsPage, dir, test, subtest)
	}
}

// declares says whether the file has a function of this name.
func declares(file *ast.File, name string) bool {
	return slices.ContainsFunc(file.Decls, func(decl ast.Decl) bool {
		function, ok := decl.(*ast.FuncDecl)
		return ok && function.Recv == nil && function.Name.Name == name
	})
}

// mentions says whether the node has this string in it.
func mentions(node ast.Node, text string) (found bool) {
	ast.Inspect(node, func(inner ast.Node) bool {
		if literal, ok := inner.(*ast.BasicLit); ok && literal.Value == strconv.Quote(text) {
			found = true
		}
		return !found
	})
	return found
}

// hasScenario says whether the file has a scenario of this name.
func hasScenario(file *ast.File, name string) (found bool) {
	ast.Inspect(file, func(node ast.Node) bool {
		if field, ok := node.(*ast.KeyValueExpr); ok {
			key, ok := field.Key.(*ast.Ident)
			found = found || ok && key.Name == "Name" && mentions(field.Value, name)
		}
		return !found
	})
	return found
}
