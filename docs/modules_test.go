package docs

import (
	"path"
	"slices"
	"strings"
	"testing"

	"example.com/echo/docs/repo"
	"golang.org/x/mod/modfile"
)

const (
	goVersion  = "1.25.0" // the oldest Go that opens cgroup files before main
	modulePath = "example.com/echo/"
)

// The libraries that lessons may use.
var libraries = []string{"golang.org/x/sys", "github.com/google/go-cmp"}

// TestWorkspace holds go.work to all modules and nothing else.
func TestWorkspace(t *testing.T) {
	tr := repository(t)
	work, err := modfile.ParseWork("go.work", tr.read(t, "go.work"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if work.Go == nil || work.Go.Version != goVersion || work.Toolchain != nil {
		t.Errorf("go.work: expected the line go %s, and no toolchain line", goVersion)
	}
	var used []string
	for _, use := range work.Use {
		used = append(used, path.Clean(use.Path))
	}
	if wanted := append(slices.Clone(repo.Lessons), "docs"); !slices.Equal(used, wanted) {
		t.Errorf("go.work: expected it to use\n%q\nbut it uses\n%q", wanted, used)
	}
	if len(work.Replace) > 0 {
		t.Errorf("go.work: a replace line, which modules that build alone would not have")
	}
}

// TestModules holds the modules to one Go, to few libraries, to one version of
// each, and to the order of the lessons.
func TestModules(t *testing.T) {
	tr := repository(t)
	versions := map[string]map[string][]string{} // library, version, modules
	for _, library := range libraries {
		versions[library] = map[string][]string{}
	}
	for _, dir := range append(slices.Clone(repo.Lessons), "docs") {
		name := dir + "/go.mod"
		module, err := modfile.Parse(name, tr.read(t, name), nil)
		if err != nil {
			t.Error(err)
			continue
		}
		if module.Module == nil || module.Module.Mod.Path != modulePath+dir {
			t.Errorf("%s: expected module %s", name, modulePath+dir)
		}
		if module.Go == nil || module.Go.Version != goVersion || module.Toolchain != nil {
			t.Errorf("%s: expected the line go %s, and no toolchain line", name, goVersion)
		}
		for _, require := range module.Require {
			checkRequire(t, name, require)
			if users := versions[require.Mod.Path]; users != nil {
				users[require.Mod.Version] = append(users[require.Mod.Version], dir)
			}
		}
	}
	for library, users := range versions {
		if len(users) > 1 {
			t.Errorf("expected one version of %s in all modules, but the go.mod files have %v", library, users)
		}
	}
}

// checkRequire checks a line of the go.mod file name.
func checkRequire(t *testing.T, name string, require *modfile.Require) {
	t.Helper()
	at, lesson := require.Syntax.Start.Line, repo.LessonOf(name)
	required, isOurs := strings.CutPrefix(require.Mod.Path, modulePath)
	switch {
	case lesson < 0: // docs may use what it likes
	case isOurs && (repo.LessonOf(required) < 0 || repo.LessonOf(required) >= lesson):
		t.Errorf("%s:%d: requires %s, which does not come before it", name, at, required)
	case !isOurs && !slices.Contains(libraries, require.Mod.Path):
		t.Errorf("%s:%d: requires %s, but a lesson may use only %s",
			name, at, require.Mod.Path, strings.Join(libraries, ", "))
	}
}

// TestImports holds the lessons to importing only what a reader has met.
func TestImports(t *testing.T) {
	for _, s := range repository(t).sources {
		if s.lesson() < 0 {
			continue
		}
		for _, spec := range s.syntax.Imports {
			imported, isOurs := strings.CutPrefix(strings.Trim(spec.Path.Value, "`\""), modulePath)
			if isOurs && (repo.LessonOf(imported) < 0 || repo.LessonOf(imported) > s.lesson()) {
				t.Errorf("%s: imports %s, but imports point backwards only: no later lesson, nor docs", s.at(spec), imported)
			}
		}
	}
}
