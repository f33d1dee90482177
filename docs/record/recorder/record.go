//go:build linux

// Package recorder plays client scripts to the lessons under strace, and makes
// recordings of what the kernel saw.
package recorder

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

// A Recorder makes recordings. It builds each lesson's program once.
type Recorder struct {
	root  repo.Root
	dir   string   // for programs and strace's files
	flags []string // for go build
}

// New returns a Recorder, which is to be closed.
func New(root repo.Root) (*Recorder, error) {
	dir, err := repo.ProgramDir("record")
	return &Recorder{root, dir, []string{"-trimpath", "-gcflags=all=-l -smallframes"}}, err
}

// Close removes the programs.
func (r *Recorder) Close() { os.RemoveAll(r.dir) }

// MayTrace returns an error if strace is missing here, or may not trace.
func MayTrace(ctx context.Context) error {
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

// Program builds a lesson's program. Functions are not inlined (-l): an inlined
// one has no frame on the stack. Large buffers are not on the stack
// (-smallframes): strace does not get past such a frame.
func (r *Recorder) Program(ctx context.Context, lesson string) (string, error) {
	program := filepath.Join(r.dir, lesson)
	if _, err := os.Stat(program); err == nil {
		return program, nil
	}
	return program, r.root.Build(ctx, lesson, program, r.flags...)
}

// Record plays a script to a lesson, until it goes as its text says.
func (r *Recorder) Record(ctx context.Context, lesson string, script Script) (*recording.Recording, error) {
	program, err := r.Program(ctx, lesson)
	if err != nil {
		return nil, err
	}
	s, err := readSymbols(program, r.root)
	if err != nil {
		return nil, err
	}
	for begin := time.Now(); time.Since(begin) < 2*time.Minute; {
		var made *recording.Recording
		made, err = r.playOnce(ctx, program, s, lesson, script)
		if err == nil && script.Wants != nil && !script.Wants(made) {
			err = errChance
		}
		if err == nil {
			return made, nil
		}
		if !errors.Is(err, errChance) {
			break
		}
	}
	return nil, fmt.Errorf("%s, %s: %w", lesson, script.Name, err)
}

func (r *Recorder) playOnce(ctx context.Context, program string, s *symbols, lesson string, script Script) (*recording.Recording, error) {
	dir, err := os.MkdirTemp(r.dir, "trace")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	flags := slices.Clone(script.Flags)
	if lesson != repo.Lessons[0] {
		flags = append(flags, "-grace=1m") // strace is slow
	}
	p, err := play(ctx, dir, program, script, flags)
	if err != nil {
		return nil, err
	}
	made := &recording.Recording{Lesson: lesson, Script: script.Name, About: script.About, Flags: flags, Made: r.machine(ctx)}
	return made, assemble(made, p, s)
}

// machine returns the versions of what a recording depends on.
func (r *Recorder) machine(ctx context.Context) string {
	m := r.root.Machine()
	version, _ := exec.CommandContext(ctx, "strace", "--version").Output()
	first, _, _ := strings.Cut(string(version), "\n")
	_, number, _ := strings.Cut(first, "version ")
	return fmt.Sprintf("%s, %s, strace %s", m.Kernel, m.Go, number)
}
