//go:build linux

package walkthrough

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
)

// A reader follows one page, on a machine of its own.
type reader struct {
	terminals []*terminal // the one that was typed into last comes last
	pid       string      // that a command printed last
}

// follow takes the steps of a page and returns how many commands were typed. An
// error says in which line.
func follow(page string, steps []step) (typed int, err error) {
	r := &reader{}
	for _, s := range steps {
		switch {
		case s.verb != "":
			err = r.obey(s)
		case s.skip == "":
			for i := 0; i < len(s.commands) && err == nil; i++ {
				s.line++
				typed++
				err = r.run(s.commands[i])
			}
		}
		if err != nil {
			return typed, fmt.Errorf("%s:%d: %w", page, s.line, err)
		}
	}
	return typed, r.stopAll()
}

// Commands that do not come back by themselves, each with how the reader knows
// that it has begun.
var (
	serves = regexp.MustCompile(`\bgo run \./0\d|/tmp/0\d|/tmp/goroutines|^haproxy -db`)
	visits = regexp.MustCompile(`^(nc|curl) |^cat /dev/zero`)
	traces = regexp.MustCompile(`^strace .* -p `)
	shows  = regexp.MustCompile(`^top |^/tmp/peers/`)

	// beside are servers that others may run beside: at addresses of their own, or
	// behind the balancer.
	beside = regexp.MustCompile(`-addr 127\.0\.0\.[^1]|/tmp/goroutines|^haproxy -db`)
)

// run types a command into a terminal that is at its prompt, and waits until it
// has ended, or runs for good.
func (r *reader) run(command string) error {
	command = strings.ReplaceAll(command, "PID", r.pid)
	if serves.MatchString(command) && !beside.MatchString(command) && r.running("") != nil && listening() > 0 {
		if err := r.stopAll(); err != nil { // the port must be free
			return err
		}
	}
	t, err := r.free()
	if err != nil {
		return err
	}
	connected, listened := connections(), listening()
	begun := func() bool { return false }
	switch {
	case serves.MatchString(command):
		begun = func() bool { return listening() > listened }
	case visits.MatchString(command):
		begun = func() bool { return connections() > connected }
	case traces.MatchString(command):
		begun = traced
	case shows.MatchString(command):
		begun = func() bool { return t.seen() != "" }
	}
	t.command = command
	if err := t.enter(command); err != nil {
		return err
	}
	ended := false
	err = t.await("`"+command+"` to do something", patience, func() bool {
		ended = t.atPrompt()
		return ended || begun()
	})
	if err != nil || !ended {
		return err
	}
	t.command = ""
	if found := printedPID.FindAllStringSubmatch(t.seen(), -1); found != nil {
		r.pid = found[len(found)-1][1]
	}
	expected := "0"
	if strings.HasPrefix(command, "git diff --no-index") {
		expected = "1" // they differ
	}
	if status := t.status(); status != expected {
		return fmt.Errorf("`%s` ends with status %s:\n%s", command, status, tail(t.seen()))
	}
	return nil
}

var printedPID = regexp.MustCompile(`pid=(\d+)`)

// free returns a terminal that is at its prompt: of several, the one that was
// typed into last, which may have variables and descriptors of the commands there.
func (r *reader) free() (*terminal, error) {
	for i, t := range slices.Backward(r.terminals) {
		if t.command == "" {
			r.terminals = append(slices.Delete(r.terminals, i, i+1), t)
			return t, nil
		}
	}
	t, err := open()
	if err == nil {
		r.terminals = append(r.terminals, t)
	}
	return t, err
}

// running returns the terminal in which a command runs that contains the text,
// the one that was begun last; nil if there is none.
func (r *reader) running(text string) *terminal {
	for _, t := range slices.Backward(r.terminals) {
		if t.command != "" && strings.Contains(t.command, text) {
			return t
		}
	}
	return nil
}

// stopAll presses Ctrl-C wherever something runs, in the last terminal first.
func (r *reader) stopAll() error {
	for t := r.running(""); t != nil; t = r.running("") {
		if err := t.interrupt(); err != nil {
			return err
		}
	}
	return nil
}

// obey does what a comment says.
func (r *reader) obey(s step) error {
	if s.shown != nil {
		return r.see(s.shown, len(s.args) == 0)
	}
	command := "nc "
	if s.verb == "stops" {
		command = s.args[0]
	} else if len(s.args) > 1 {
		command = s.args[1]
	}
	t := r.running(command)
	if t == nil {
		return fmt.Errorf("`%s` does not run", command)
	}
	switch s.verb {
	case "types":
		return t.enter(s.args[0])
	case "stops":
		return t.interrupt()
	}
	return t.await(fmt.Sprintf("%q", s.args[0]), shortly, func() bool { return strings.Contains(t.seen(), s.args[0]) })
}

// see waits until one of the terminals shows these lines.
func (r *reader) see(lines []string, inOrder bool) error {
	var patterns []*regexp.Regexp
	all := "(?s)"
	for _, line := range lines {
		patterns = append(patterns, regexp.MustCompile(linePattern(line)))
		all += linePattern(line) + ".*"
	}
	if inOrder {
		patterns = []*regexp.Regexp{regexp.MustCompile(all)}
	}
	if len(r.terminals) == 0 {
		return errors.New("nothing is seen before a command is typed")
	}
	err := r.terminals[0].await("", shortly, func() bool {
		return slices.ContainsFunc(r.terminals, func(t *terminal) bool {
			seen := joined(t.seen())
			return !slices.ContainsFunc(patterns, func(p *regexp.Regexp) bool { return !p.MatchString(seen) })
		})
	})
	if err == nil {
		return nil
	}
	var shown strings.Builder
	for _, t := range r.terminals {
		fmt.Fprintf(&shown, "--- %s\n%s\n", t.command, tail(joined(t.seen())))
	}
	return fmt.Errorf("expected to see\n%s\nbut the terminals show\n%s", strings.Join(lines, "\n"), &shown)
}

var varies = regexp.MustCompile(`…|\d{5,}| +`)

// linePattern returns a pattern for a line as a page shows it. Numbers of five
// digits are ports, process IDs, and what fits into buffers: they vary; … stands
// for what is left out; and columns may be wider.
func linePattern(line string) string {
	var pattern strings.Builder
	for {
		at := varies.FindStringIndex(line)
		if at == nil {
			pattern.WriteString(regexp.QuoteMeta(line))
			return pattern.String()
		}
		pattern.WriteString(regexp.QuoteMeta(line[:at[0]]))
		switch found := line[at[0]:at[1]]; {
		case found == "…":
			pattern.WriteString(`[^\n]*`)
		case found[0] == ' ':
			pattern.WriteString(` +`)
		default:
			pattern.WriteString(`\d+`)
		}
		line = line[at[1]:]
	}
}

var (
	unfinished = regexp.MustCompile(`^(\[pid +\d+\] )?(.*) <unfinished \.\.\.>$`)
	resumed    = regexp.MustCompile(`^(\[pid +\d+\] )?<\.\.\. \w+ resumed>(.*)$`)
)

// joined puts together what strace shows in two halves, because another thread
// made a call meanwhile.
func joined(output string) string {
	begun := map[string]string{} // by thread
	var lines []string
	for line := range strings.SplitSeq(output, "\n") {
		if match := unfinished.FindStringSubmatch(line); match != nil {
			begun[match[1]] = match[2]
		} else if match := resumed.FindStringSubmatch(line); match != nil {
			lines = append(lines, match[1]+begun[match[1]]+match[2])
			delete(begun, match[1])
		} else {
			lines = append(lines, line)
		}
	}
	for thread, line := range begun { // still waits
		lines = append(lines, thread+line)
	}
	return strings.Join(lines, "\n")
}

// listening returns how many sockets listen. Source: proc_pid_net(5).
func listening() int { return len(socketLines(`:0000 0A `)) }

// connections returns how many clients' sockets are connected to the port.
func connections() int { return len(socketLines(`: \S+ \S+:0539 01 `)) }

func socketLines(pattern string) []string {
	text, _ := os.ReadFile("/proc/net/tcp")
	return regexp.MustCompile(pattern).FindAllString(string(text), -1)
}

// traced reports whether a process has a tracer. Source: proc_pid_status(5).
func traced() bool {
	entries, _ := os.ReadDir("/proc")
	return slices.ContainsFunc(entries, func(e os.DirEntry) bool {
		status, err := os.ReadFile("/proc/" + e.Name() + "/status")
		return err == nil && !strings.Contains(string(status), "TracerPid:\t0\n")
	})
}
