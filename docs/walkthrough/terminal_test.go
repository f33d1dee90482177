//go:build linux

package walkthrough

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"

	"example.com/echo/docs/pty"
)

// A terminal is a pseudoterminal with a shell, as the reader has it.
type terminal struct {
	master  *os.File
	command string // that runs; "" at the prompt

	mu     sync.Mutex
	output []byte
	mark   int // where the output begins that is looked at: of the last command or word typed
}

// prompt has the status of the last command, between characters that nobody
// prints.
var prompt = regexp.MustCompile("\x1e(\\d+)\x1f$")

// open opens a terminal, and waits for the prompt.
func open() (*terminal, error) {
	master, slave, err := pty.Open(50, 200)
	if err != nil {
		return nil, err
	}
	defer slave.Close()
	shell := exec.Command("bash", "--norc", "--noprofile", "--noediting", "-i")
	shell.Stdin, shell.Stdout, shell.Stderr = slave, slave, slave
	shell.Env = append(os.Environ(), `PS1=\036$?\037`, "TERM=dumb", "PAGER=cat")
	shell.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := shell.Start(); err != nil {
		return nil, err
	}
	t := &terminal{master: master}
	go t.read()
	return t, t.await("the shell's prompt", shortly, t.atPrompt)
}

// read keeps what the programs print.
func (t *terminal) read() {
	buffer := make([]byte, 4096)
	for {
		n, err := t.master.Read(buffer)
		t.mu.Lock()
		t.output = append(t.output, buffer[:n]...)
		t.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// seen returns what was printed since the last command or word was typed.
func (t *terminal) seen() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.ReplaceAll(string(t.output[t.mark:]), "\r\n", "\n")
}

func (t *terminal) atPrompt() bool { return prompt.MatchString(t.seen()) }

// status returns the exit status of the last command.
func (t *terminal) status() string { return prompt.FindStringSubmatch(t.seen())[1] }

// enter types a line, and waits until the terminal shows it as typed: what is
// seen after that comes from the program.
func (t *terminal) enter(line string) error {
	t.mu.Lock()
	t.mark = len(t.output)
	t.mu.Unlock()
	if _, err := t.master.WriteString(line + "\n"); err != nil {
		return err
	}
	typed := func() bool { return strings.Contains(t.seen(), "\n") }
	if err := t.await("the line to be typed", shortly, typed); err != nil {
		return err
	}
	t.mu.Lock()
	t.mark += strings.Index(string(t.output[t.mark:]), "\n") + 1
	t.mu.Unlock()
	return nil
}

// interrupt presses Ctrl-C and waits for the prompt.
func (t *terminal) interrupt() error {
	if _, err := t.master.WriteString("\x03"); err != nil {
		return err
	}
	err := t.await(t.command+" to end after Ctrl-C", shortly, t.atPrompt)
	t.command = ""
	return err
}

// How long to wait: for what a program does at once, and for one that has work
// to do.
const (
	shortly  = 20 * time.Second
	patience = 3 * time.Minute
)

// await waits until something is so. Not all that is waited for is printed, so
// it looks again and again.
func (t *terminal) await(what string, limit time.Duration, isSo func() bool) error {
	deadline := time.After(limit)
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for !isSo() {
		select {
		case <-look.C:
		case <-deadline:
			return fmt.Errorf("expected %s, but after %v there is only\n%s", what, limit, tail(t.seen()))
		}
	}
	return nil
}

// tail returns the last lines of an output.
func tail(output string) string {
	lines := strings.Split(output, "\n")
	return strings.Join(lines[max(0, len(lines)-40):], "\n")
}
