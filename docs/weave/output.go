package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"time"

	"example.com/echo/docs/repo"
)

// patience is how long a command may take, with building it.
const patience = 2 * time.Minute

// The numbers that the kernel chooses anew in each run.
var (
	ports = regexp.MustCompile(`((?:127\.0\.0\.1|\[::1\]):|\('(?:127\.0\.0\.1|::1)', )\d+`)
	pids  = regexp.MustCompile(`\b(pid|parent)=\d+`)
)

// output makes a block of what a command prints at the root of the repository,
// on standard output and standard error:
//
//	run [lines=1-3] [cut=100] [hide=numbers] [status=1] COMMAND
//
// With hide=numbers, ports and process IDs are shown as <port> and <pid>. The
// command must end with the status, 0 if none is given.
func (r *request) output() (string, error) {
	text, err := r.printed()
	if err != nil {
		return "", err
	}
	if r.option("hide") == "numbers" {
		text = pids.ReplaceAllString(ports.ReplaceAllString(text, "$1<port>"), "$1=<pid>")
	}
	return r.block("text", text)
}

// slowOutput is output for commands that take more than a moment: tests leave it
// as it is, unless they are told to take their time.
func (r *request) slowOutput() (string, error) {
	if !r.slow {
		clear(r.options)
		return r.now, nil
	}
	return r.output()
}

// outputLine makes a few words of the one line that a command prints, as a count
// of lines or files.
func (r *request) outputLine() (string, error) {
	text, err := r.printed()
	text = strings.TrimSpace(text)
	if err == nil && (text == "" || strings.Contains(text, "\n")) {
		err = fmt.Errorf("expected one line, but it prints %q", text)
	}
	return text, err
}

// added and deleted make the count of lines that git diff puts in, or takes out,
// to make a file or directory of another:
//
//	added OLD NEW
func (r *request) added() (string, error)   { return r.changed(1) }
func (r *request) deleted() (string, error) { return r.changed(2) }

func (r *request) changed(column int) (string, error) {
	if err := r.want("OLD", "NEW"); err != nil {
		return "", err
	}
	r.rest = fmt.Sprintf("git diff --no-index --numstat %s %s | awk '{n += $%d} END {print n}'", r.args[0], r.args[1], column)
	return r.outputLine()
}

// printed returns what the command prints, without blanks at ends of lines.
func (r *request) printed() (string, error) {
	if err := r.root.Note(append([]string{"docs"}, repo.Lessons...)...); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	shell := exec.CommandContext(ctx, "bash", "-c", r.rest)
	shell.Dir = string(r.root)
	shell.WaitDelay = time.Second
	out, err := shell.CombinedOutput()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		return "", err
	}
	want := r.option("status")
	if want == "" {
		want = "0"
	}
	if got := fmt.Sprint(shell.ProcessState.ExitCode()); got != want {
		return "", fmt.Errorf("expected status %s, but it is %s: %s", want, got, out)
	}
	lines := strings.Split(string(out), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n") + "\n", nil
}
