//go:build linux

package main

import (
	"strings"
	"testing"
)

// TestCommands types commands, one after the other, where there is no terminal.
func TestCommands(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, test := range []struct {
		args      string
		status    int
		out, says string // a part of the output, and of standard error
	}{
		{"-h", 0, "", "usage: go run ./docs/practice [-dir FOLDER]"},
		{"-no-such-flag", 2, "", "flag provided but not defined"},
		{"no-such", 2, "", `practice: there is no exercise "no-such"`},
		{"repair-1", 2, "", "but repair-1-echo-1, "},
		{"list one two", 2, "", "too many arguments"},
		{"server", 2, "", "server wants a command"},
		{"predict 6", 2, "", `there is no lesson "6"; there are 01-blocking, `},
		{"list 02", 0, "  rebuild-2-turn ", ""},
		{"", 1, "02-select        repair 0 of ", ""}, // begins the first
		{"check", 1, "Fails: echo. One client sends a message", ""},
		{"hint", 0, "Hint 1 of 3\n\nThe fault is in Run.\n", ""},
		{"hint", 0, "Hint 2 of 3\n\nThe socket of a client that has left stays open", ""},
		{"answer", 0, "  +        client.Close()\n", ""},
		{"compare", 0, ">          client.Close()\n", ""},
		{"reset", 0, "repair-1-echo-1 is as it was at the beginning.\nYour copy is kept as ", ""},
		{"answer rebuild-1-serve", 0, "message := buffer[:n]\n", ""},
		{"list repair-1-echo", 0, "> repair-1-echo-1 ", ""},
		{"list nonsense", 2, "", `no exercise's name contains "nonsense"`},
		{"hint repair-2-idle", 0, "Hint 1 of 3", ""}, // not begun
		{"hint repair-2-idle", 0, "Hint 2 of 3", ""},
		{"repair-1-echo-1 -once", 1, "Fails: echo.", ""},
		{"server python3 {port}", 2, "", "put the command in quotes: server 'python3 {port}'"},
		{"server no-such-{port}", 1, "Your server did not start:\n", ""},
	} {
		cmd := practice(t, append([]string{"-dir", dir}, strings.Fields(test.args)...)...)
		var out, says strings.Builder
		cmd.Stdout, cmd.Stderr = &out, &says
		cmd.Run()
		if status := cmd.ProcessState.ExitCode(); status != test.status || !strings.Contains(out.String(), test.out) || !strings.Contains(says.String(), test.says) {
			t.Errorf("practice %s: expected status %d, %q and %q, but got %d,\n%s\n%s", test.args, test.status, test.out, test.says, status, &out, &says)
		}
	}
}
