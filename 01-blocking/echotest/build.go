package echotest

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Main runs the tests of a lesson; to be called from its TestMain. It removes
// the programs that were built for them.
//
// Most tests wait most of the time, so unless the flag -parallel says otherwise,
// four times as many run at a time as usual.
func Main(m *testing.M) {
	flag.Parse()
	isGiven := false
	flag.Visit(func(f *flag.Flag) { isGiven = isGiven || f.Name == "test.parallel" })
	if !isGiven {
		flag.Set("test.parallel", fmt.Sprint(4*runtime.GOMAXPROCS(0)))
	}
	code := m.Run()
	if built.dir != "" {
		os.RemoveAll(built.dir)
	}
	os.Exit(code)
}

var built struct {
	mu       sync.Mutex
	dir      string
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
	built.mu.Lock()
	defer built.mu.Unlock()
	if built.dir == "" {
		if built.dir, err = os.MkdirTemp("", "echotest"); err != nil {
			return "", err
		}
		built.programs = map[string]func() (string, error){}
	}
	key := strings.Join(append(flags, dir), "\x00")
	program := built.programs[key]
	if program == nil {
		path := filepath.Join(built.dir, fmt.Sprint(len(built.programs)), filepath.Base(dir))
		program = sync.OnceValues(func() (string, error) { return path, build(dir, path, flags) })
		built.programs[key] = program
	}
	return program()
}

func build(dir, path string, flags []string) error {
	args := []string{"build", "-buildvcs=false", "-o", path}
	if raceDetector {
		args = append(args, "-race")
	}
	cmd := exec.Command("go", slices.Concat(args, flags, []string{"."})...) // the last of two flags counts
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go %s in %s: %w\n%s", strings.Join(cmd.Args[1:], " "), dir, err, out)
	}
	return nil
}
