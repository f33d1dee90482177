package scratch

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// owner names the variable of the environment that turns this test's program into
// one that makes a scratch directory and waits.
const owner = "ECHO_SCRATCH_OWNER"

func TestMain(m *testing.M) {
	if os.Getenv(owner) != "" {
		dir, err := Dir()
		fmt.Println(dir, err)
		os.Stdin.Read(make([]byte, 1)) // until it is killed
		os.Exit(0)
	}
	m.Run()
}

// TestDirsOfTheDead kills a process that has a scratch directory: the next one
// removes the directory, and leaves one alone whose process lives.
func TestDirsOfTheDead(t *testing.T) {
	base := t.TempDir()
	if _, err := os.MkdirTemp(base, pattern); err != nil {
		t.Fatal(err)
	}
	others := filepath.Join(base, "echo")
	if err := os.Mkdir(others, 0o777); err != nil {
		t.Fatal(err)
	}
	killed, kill := scratchOwner(t, base)
	expectDirs(t, base, others, killed) // nobody has locked the first one
	_, killSecond := scratchOwner(t, base)
	if _, err := os.Stat(killed); err != nil {
		t.Errorf("expected the directory of a process that lives to stay, but %v", err)
	}
	kill()
	killSecond()
	last, _ := scratchOwner(t, base)
	expectDirs(t, base, others, last)
}

// scratchOwner starts a process that has a scratch directory in base, and returns
// the directory, and a function that kills the process.
func scratchOwner(t *testing.T, base string) (dir string, kill func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), owner+"=1", "GOTMPDIR="+base)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cmd.StdinPipe(); err != nil { // whose end comes with the end of this process
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill = func() {
		cmd.Process.Kill()
		cmd.Wait()
	}
	t.Cleanup(kill)
	line, err := bufio.NewReader(stdout).ReadString('\n')
	path, failure, _ := strings.Cut(strings.TrimSpace(line), " ")
	if err != nil || failure != "<nil>" {
		t.Fatalf("expected a scratch directory, but it wrote %q (%v)", line, err)
	}
	return filepath.Dir(path), kill
}

// expectDirs expects nothing in base but these directories.
func expectDirs(t *testing.T, base string, expected ...string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(base, "*"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Join(found, "\n") != strings.Join(expected, "\n") {
		t.Errorf("expected the directories %v, but there are %v", expected, found)
	}
}
