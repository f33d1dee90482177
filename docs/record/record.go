//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"example.com/echo/docs/recording"
	"example.com/echo/docs/repo"
)

// A recorder makes recordings. It builds each lesson's program once.
type recorder struct {
	root  repo.Root
	dir   string   // for programs and strace's files
	flags []string // for go build
}

// newRecorder returns a recorder, which is to be closed.
func newRecorder(root repo.Root) (*recorder, error) {
	dir, err := os.MkdirTemp(os.Getenv("GOTMPDIR"), "record")
	return &recorder{root, dir, []string{"-trimpath", "-gcflags=all=-l -smallframes"}}, err
}

func (r *recorder) close() { os.RemoveAll(r.dir) }

// mayTrace returns an error if strace is missing here, or may not trace.
func mayTrace(ctx context.Context) error {
	if _, err := exec.LookPath("strace"); err != nil {
		return errors.New("strace is missing: install it with your system's packages (apt install strace)")
	}
	complaint, err := exec.CommandContext(ctx, "strace", "-qqq", "-k", "-o", "/dev/null", "true").CombinedOutput()
	if err != nil {
		complaint, _, _ = bytes.Cut(complaint, []byte("\n"))
		return fmt.Errorf("strace may not trace here (%s); a container needs --cap-add=SYS_PTRACE", complaint)
	}
	return nil
}

// program builds a lesson's program. Functions are not inlined (-l): an inlined
// one has no frame on the stack. Large buffers are not on the stack
// (-smallframes): strace does not get past such a frame.
func (r *recorder) program(ctx context.Context, lesson string) (string, error) {
	program := filepath.Join(r.dir, lesson)
	if _, err := os.Stat(program); err == nil {
		return program, nil
	}
	return program, r.root.Build(ctx, lesson, program, r.flags...)
}

// record plays a script to a lesson, until it goes as its text says.
func (r *recorder) record(ctx context.Context, w pairing) (*recording.Recording, error) {
	program, err := r.program(ctx, w.lesson)
	if err != nil {
		return nil, err
	}
	s, err := readSymbols(program, r.root)
	if err != nil {
		return nil, err
	}
	for begin := time.Now(); time.Since(begin) < 2*time.Minute; {
		var made *recording.Recording
		made, err = r.playOnce(ctx, program, s, w)
		if err == nil && w.script.wants != nil && !w.script.wants(made) {
			err = errChance
		}
		if err == nil {
			return made, nil
		}
		if !errors.Is(err, errChance) {
			break
		}
	}
	return nil, fmt.Errorf("%s, %s: %w", w.lesson, w.script.name, err)
}

func (r *recorder) playOnce(ctx context.Context, program string, s *symbols, w pairing) (*recording.Recording, error) {
	dir, err := os.MkdirTemp(r.dir, "trace")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	flags := slices.Clone(w.script.flags)
	if w.lesson != repo.Lessons[0] {
		flags = append(flags, "-grace=1m") // strace is slow
	}
	p, err := play(ctx, dir, program, w.script, flags)
	if err != nil {
		return nil, err
	}
	made := &recording.Recording{Lesson: w.lesson, Script: w.script.name, About: w.script.about, Flags: flags, Made: r.machine(ctx)}
	return made, assemble(made, p, s)
}

// machine returns the versions of what a recording depends on.
func (r *recorder) machine(ctx context.Context) string {
	m := r.root.Machine()
	version, _ := exec.CommandContext(ctx, "strace", "--version").Output()
	first, _, _ := strings.Cut(string(version), "\n")
	_, number, _ := strings.Cut(first, "version ")
	return fmt.Sprintf("%s, %s, strace %s", m.Kernel, m.Go, number)
}
