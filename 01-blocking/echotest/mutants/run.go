package mutants

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/faults"
	"example.com/echo/01-blocking/echotest/server"
	"github.com/google/go-cmp/cmp"
)

// Test tests the mutants of the lessons in the repository at root: each must be
// caught by the scenario that it names, and fail as its golden file says. And
// what catches it must let the lesson's program itself pass.
func Test(t *testing.T, root string, lessons []Lesson) {
	if runtime.GOOS != "linux" {
		t.Skip("the mutants are caught in ways that only Linux has")
	}
	echotest.SkipForeign(t)
	for _, lesson := range lessons {
		mutants, err := Of(root, lesson)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(lesson.Name, func(t *testing.T) {
			t.Parallel()
			for _, m := range mutants {
				t.Run(m.Name, func(t *testing.T) {
					t.Parallel()
					m.test(t)
				})
			}
			t.Run("none", func(t *testing.T) {
				t.Parallel()
				for _, m := range mutants {
					m.testTrap(t)
				}
			})
		})
	}
}

func (m *Mutant) test(t *testing.T) {
	t.Log(m.Wrong)
	if _, err := faults.Under(m.Inject, ""); m.Inject != "" && err != nil {
		t.Skip(err)
	}
	sc, err := m.FindScenario()
	if err != nil {
		t.Fatal(err)
	}
	echotest.NeedDescriptors(t, sc.Clients)
	program, err := m.Build(echotest.Scratch(t))
	if err != nil {
		t.Fatal(err)
	}
	came, err := m.Play(program)
	if err != nil {
		t.Fatal(err)
	}
	if came == "" {
		t.Fatalf("survives the scenario %s, which must catch it", m.Scenario)
	}
	if documented, _ := server.ReadFile(filepath.Join(m.directory(), "testdata", m.Scenario+".failure")); string(documented) == came {
		t.Fatalf("fails the scenario %s as the lesson does without it:\n%s", m.Scenario, came)
	}
	if echotest.Updates() {
		if err := os.WriteFile(m.golden(), []byte(came), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	golden, err := server.ReadFile(m.golden())
	if err != nil {
		t.Fatalf("%v; go test -update writes it", err)
	}
	if diff := cmp.Diff(string(golden), came); diff != "" {
		t.Errorf("fails in another way (-expected +came):\n%s", diff)
	}
}

// testTrap plays the mutant's scenario without the mutant, if it is one that
// only mutants face: what catches everything proves nothing.
func (m *Mutant) testTrap(t *testing.T) {
	sc, err := m.FindScenario()
	if err != nil {
		t.Fatal(err)
	}
	for _, faced := range echotest.Scenarios {
		if faced.Name == sc.Name {
			return
		}
	}
	t.Run(m.Name, func(t *testing.T) {
		t.Parallel()
		echotest.NeedDescriptors(t, sc.Clients)
		program, err := server.Build(m.directory())
		if err != nil {
			t.Fatal(err)
		}
		if v := m.Trial(program).Play(sc, None); v.Failure != nil {
			t.Errorf("the scenario %s fails without the mutant too:\n%s", sc.Name, v.Failure)
		}
	})
}
