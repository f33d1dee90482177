package servers

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.com/echo/01-blocking/echotest/server"
)

// TestCommands plays a few scenarios against right servers that are started in
// roundabout ways: they deserve the same verdict.
func TestCommands(t *testing.T) {
	t.Parallel()
	for name, command := range map[string]string{
		"variable":           "PYTHONHASHSEED=1 PYTHON right_selectors.py {host} {port}",
		"address":            `addr={addr}; PYTHON right_selectors.py "${addr%:*}" "${addr#*:}"`,
		"shell that stays":   "PYTHON right_selectors.py {host} {port}; exit $?",
		"session of its own": "setsid --fork --wait PYTHON right_selectors.py {host} {port}",
		"left by its parent": "(setsid PYTHON right_selectors.py {host} {port} &) | cat",
		"IPv6 and IPv4":      "node right.js :: {port}",
		"go run":             "go run right_net.go {host} {port}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// What suspends the server, measures it, limits it or sends it a signal.
			played := named("half-close-in-one-batch", "idle", "no-descriptor-left", "told-to-stop")
			for scenario, v := range judge(inTestdata(t, command), played) {
				if v.Failure != nil {
					t.Errorf("%s: %v", scenario, v.Failure)
				}
			}
		})
	}
}

// TestRoots holds the harness to suspending, measuring and killing the server's
// own processes only, also where it has to look for them.
func TestRoots(t *testing.T) {
	t.Parallel()
	s, err := server.StartForeign(inTestdata(t, "(setsid PYTHON right_selectors.py {host} {port} &) | cat"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Kill()
	s.FindStrays()
	if roots := s.Roots(); len(roots) != 2 || slices.Contains(roots, os.Getpid()) {
		t.Errorf("expected the shell and the server, but its processes are %v, and the test's own is %d", roots, os.Getpid())
	}
}

// TestBadCommands holds the harness to saying what is wrong with a command.
func TestBadCommands(t *testing.T) {
	t.Parallel()
	for command, words := range map[string]string{
		"PYTHON right_selectors.py":                 "put {addr}, or {host} and {port}, where",
		"PYTHON no_such_file.py {addr}":             "exit status 2",
		"PYTHON -c '1/0' {addr}":                    "ZeroDivisionError",
		"PYTHON right_selectors.py {host} {port} &": "the server went to the background",
	} {
		t.Run(words, func(t *testing.T) {
			t.Parallel()
			s, err := server.StartForeign(inTestdata(t, command))
			if err == nil {
				s.Kill()
				t.Fatal("expected an error, but it has started")
			}
			if !strings.Contains(err.Error(), words) {
				t.Errorf("expected the words %q, but the error is:\n%v", words, err)
			}
		})
	}
}

// inTestdata returns a command that runs in testdata, with the programs that it
// needs.
func inTestdata(t *testing.T, command string) string {
	t.Helper()
	needLinux(t)
	dir, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, program := range []string{"setsid", "node"} {
		if strings.Contains(command, program) {
			need(t, program)
		}
	}
	if strings.Contains(command, "PYTHON ") {
		command = strings.ReplaceAll(command, "PYTHON ", python(t)+" ")
	}
	return "cd " + quote(dir) + " && " + command
}
