//go:build linux

package main

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"example.com/echo/docs/practice/exercise"
	"example.com/echo/docs/pty"
	"example.com/echo/docs/repo"
)

// A reader sits at a terminal in which practice runs.
type reader struct {
	t      *testing.T
	master *os.File
	ended  chan error

	mu   sync.Mutex
	seen string // since the last key, or the last file saved
}

func sitDown(t *testing.T, args ...string) *reader {
	t.Helper()
	master, slave, err := pty.Open(24, 80)
	if err != nil {
		t.Fatal(err)
	}
	defer slave.Close()
	cmd := practice(t, args...)
	cmd.Env = append(cmd.Env, "TERM=xterm")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r := &reader{t: t, master: master, ended: make(chan error, 1)}
	go func() { r.ended <- cmd.Wait() }()
	t.Cleanup(func() { cmd.Process.Kill(); master.Close() })
	go r.read()
	return r
}

func (r *reader) read() {
	buffer := make([]byte, 4096)
	for {
		n, err := r.master.Read(buffer)
		r.mu.Lock()
		r.seen += string(buffer[:n])
		r.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// forget has see look only at what comes from now on.
func (r *reader) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen = ""
}

func (r *reader) press(key string) {
	r.t.Helper()
	r.forget()
	if _, err := r.master.WriteString(key); err != nil {
		r.t.Fatal(err)
	}
}

// save saves a file as many editors do: as another one that is renamed.
func (r *reader) save(name, source string) {
	r.t.Helper()
	r.forget()
	write(r.t, name+".tmp", source)
	if err := os.Rename(name+".tmp", name); err != nil {
		r.t.Fatal(err)
	}
}

// see waits until the terminal shows all of the words.
func (r *reader) see(words ...string) {
	r.t.Helper()
	deadline := time.After(time.Minute)
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for {
		r.mu.Lock()
		seen := r.seen
		r.mu.Unlock()
		missing := ""
		for _, word := range words {
			if !strings.Contains(seen, word) {
				missing = word
			}
		}
		if missing == "" {
			return
		}
		select {
		case <-look.C:
		case <-deadline:
			r.t.Fatalf("expected to see %q, but there is only\n%s", missing, seen)
		}
	}
}

// TestWatch goes through two exercises as a reader does: saves a wrong answer,
// asks for a hint, saves the right one, and goes on.
func TestWatch(t *testing.T) {
	t.Parallel()
	root, err := repo.FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	all, err := exercise.All(root)
	if err != nil {
		t.Fatal(err)
	}
	e, err := exercise.Find(all, "repair-2-echo-2")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, e.Name, e.File)
	r := sitDown(t, "-dir", dir, e.Name)
	r.see("Fails: echo.", "to end when it is told to", "h hint")
	r.press("h")
	r.see("Hint 1 of 3", "The fault is in close.")
	r.press("h")
	r.see("Hint 2 of 3", "A client that is gone is still counted")
	r.save(file, strings.Replace(e.Given[e.File], "s.count++", "s.number++", 1))
	r.see("It does not build:", e.File+":")
	r.save(file, strings.Replace(e.Answers[e.File], "s.count--", "s.count++", 1))
	r.see("Fails: echo.", "to end when it is told to")
	r.press("a")
	r.see("Show the answer? (y/n)")
	r.press("y")
	r.see("s.count--")
	r.press("q")
	r.see("Fails: echo.")
	r.press("c")
	r.see("fails   repair-2-echo-2")
	r.press("q")
	r.see("Fails: echo.")
	r.save(file, e.Answers[e.File])
	r.see("Passed.", "1 of ", "What was wrong: A client that is gone", "Next: repair-2-echo-3")
	r.press("n")
	r.see("repair-2-echo-3 (lesson 2, select)", "Fails: echo.")
	r.press("l")
	r.see("x repair-2-echo-2", "> repair-2-echo-3")
	r.press("\x1b[B\x1b[A\r") // down, up, enter
	r.see("repair-2-echo-3 (lesson 2, select)", "Fails: echo.")
	r.press("\x03")
	if err := <-r.ended; err != nil {
		t.Errorf("expected exit status 0, but got %v", err)
	}
}
