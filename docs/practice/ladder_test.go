//go:build linux

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.com/echo/docs/repo"
)

// TestLadder has servers climb whose place is known: the lessons' own. With
// TAKE_TIME in the environment those of docs/servers do too, right and wrong ones.
func TestLadder(t *testing.T) {
	t.Parallel()
	own := map[string]string{
		"01-blocking": "Fails: second-speaks-first.",
		"02-select":   "Your server does what lesson 2 does:",
		"03-poll":     "Your server does what lesson 3 does (",
		"04-epoll":    "Your server does what lesson 4 does (",
	}
	others := map[string]string{
		"right_select.c":              "Your server does what lesson 2 does:",
		"right_poll.c":                "Your server does what lesson 3 does (",
		"right_selectors.py":          "Your server does what lesson 4 does (",
		"right_asyncio.py":            "Your server does what lesson 4 does (",
		"right.js":                    "Your server does what lesson 4 does (",
		"right_net.go":                "Your server does what lesson 4 does (",
		"wrong_blocks.py":             "Fails: second-speaks-first.",
		"wrong_dies_on_reset.py":      "Fails: reset.",
		"wrong_forgets_half_close.py": "Fails: half-close|Fails: long-stream", // which differs from run to run
		"wrong_ignores_sigterm.py":    "Fails: told-to-stop.",
		"wrong_mixes_clients.py":      "Fails: reset-with-an-echo-owed.",
		"wrong_spins.py":              "Fails: no-descriptor-left.",
	}
	if os.Getenv("TAKE_TIME") == "" {
		own, others = map[string]string{"01-blocking": own["01-blocking"]}, nil
	}
	root, err := repo.FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	climb := func(name, words, command string) {
		t.Run(name, func(t *testing.T) {
			out := &strings.Builder{}
			s := openTest(t)
			s.out, s.idle = out, 3000
			err := s.climb(command)
			fails := strings.HasPrefix(words, "Fails")
			isSaid := slices.ContainsFunc(strings.Split(words, "|"), func(words string) bool { return strings.Contains(out.String(), words) })
			if (err == errFails) != fails || err != nil && err != errFails || !isSaid {
				t.Errorf("expected %q, but got %v and\n%s", words, err, out)
			}
			if fails && !(strings.Contains(out.String(), "That is the question of Lesson ") && strings.Contains(out.String(), "/README.md")) {
				t.Errorf("expected a link to a lesson, but there is only\n%s", out)
			}
		})
	}
	for name, words := range own {
		program := filepath.Join(t.TempDir(), name)
		if err := root.Build(t.Context(), name, program); err != nil {
			t.Fatal(err)
		}
		climb(name, words, program+" -addr {addr}")
	}
	for name, words := range others {
		climb(name, words, foreign(t, root.Path("docs/servers/testdata/"+name)))
	}
}

// foreign returns the command that runs a server, which it builds if need be.
func foreign(t *testing.T, source string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "server")
	var build *exec.Cmd
	switch filepath.Ext(source) {
	case ".c":
		build = exec.Command("gcc", "-O2", "-o", program, source)
	case ".go":
		build = exec.Command("go", "build", "-o", program, source)
	case ".js":
		return "node " + source + " {host} {port}"
	default:
		return "python3 " + source + " {host} {port}"
	}
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program + " {host} {port}"
}
