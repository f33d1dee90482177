package server

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"example.com/echo/01-blocking/echotest/scratch"
)

// Lesson returns the directory of the lesson whose tests these are: the nearest,
// from the current one upwards, that has a go.mod.
func Lesson() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("no go.mod is above the current directory")
		}
		dir = filepath.Dir(dir)
	}
}

var built struct {
	mu       sync.Mutex
	programs map[string]func() (string, error)
}

// Build builds the program in the directory dir, which its binary is called
// after, and returns the path of the binary. Within one run of the tests the
// same program is built once; flags are more flags for go build.
//
// Where the tests run with the race detector, so does the program.
func Build(dir string, flags ...string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	flags = append([]string{"-ldflags=-s=0 -w=0"}, flags...) // with lines, for package waits
	if raceDetector {
		flags = append([]string{"-race"}, flags...) // the last of two flags counts
	}
	built.mu.Lock()
	defer built.mu.Unlock()
	if built.programs == nil {
		built.programs = map[string]func() (string, error){}
	}
	key := strings.Join(append(flags, dir), "\x00")
	program := built.programs[key]
	if program == nil {
		program = sync.OnceValues(func() (string, error) {
			parent, err := scratch.Dir()
			if err != nil {
				return "", err
			}
			path := filepath.Join(parent, filepath.Base(dir))
			return path, BuildAt(path, dir, flags...)
		})
		built.programs[key] = program
	}
	return program()
}

// BuildAt builds the program in the directory dir as the file path.
func BuildAt(path, dir string, flags ...string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if err := errors.Join(noteProgram(dir), os.MkdirAll(filepath.Dir(path), 0o777)); err != nil {
		return err
	}
	cmd := BuildCommand(context.Background(), path, flags...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s does not build: %w\n%s", filepath.Base(dir), err, out)
	}
	return nil
}

// BuildCommand returns the command that builds the program in its working directory
// as the file path.
//
// It is go run, which keeps the programs that it links, as go build does not, and
// runs cp with the path of the program: 60 ms instead of 240.
func BuildCommand(ctx context.Context, path string, flags ...string) *exec.Cmd {
	args := slices.Concat([]string{"run", "-buildvcs=false", "-exec=cp"}, flags, []string{".", path})
	return exec.CommandContext(ctx, "go", args...)
}
