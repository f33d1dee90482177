package repo

import (
	"os"
	"strings"
	"testing"
)

// TestRootKeepsTheModule holds names that are made of the root to beginning with
// this module's directory: only files named so can make a kept result stale.
func TestRootKeepsTheModule(t *testing.T) {
	root, err := FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	module := strings.TrimSuffix(here, "/repo")
	if name := root.Path("README.md"); !strings.HasPrefix(name, module+"/") {
		t.Errorf("expected a name in %s, found %s", module, name)
	}
	if _, err := os.Stat(root.Path("go.work")); err != nil {
		t.Error(err)
	}
}

// TestOutside looks for the root where there is none.
func TestOutside(t *testing.T) {
	t.Chdir(t.TempDir())
	if root, err := FindRoot(); err == nil {
		t.Errorf("expected that there is no root, found %s", root)
	}
}

// TestBuildErrors holds Build to say what the compiler says.
func TestBuildErrors(t *testing.T) {
	root, err := FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	err = root.Build(t.Context(), "docs/repo", t.TempDir()+"/program", "-nosuchflag")
	if err == nil || !strings.Contains(err.Error(), "flag provided but not defined: -nosuchflag") {
		t.Errorf("expected what the compiler says, found %v", err)
	}
}

// TestMachine has every machine say something of itself.
func TestMachine(t *testing.T) {
	root, err := FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	m := root.Machine()
	if m.Processors < 1 || !strings.HasPrefix(m.Go, "go") || m.Kernel == "unknown" {
		t.Errorf("expected processors, Go and the kernel, found %v", m)
	}
	if field := ProcField("/no/such/file", "VmRSS"); field != "unknown" {
		t.Errorf(`expected "unknown" of a file that is not there, found %q`, field)
	}
}
