//go:build linux

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// asProgram has this test's program run as practice.
const asProgram = "RUN_AS_PRACTICE"

// practice returns a command that runs practice, at the root of the repository.
func practice(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("/proc/self/exe", args...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	cmd.Dir = "../.."
	return cmd
}

// TestTrouble holds whatever can be wrong with the machine, or with the reader's
// folder, to one clear line.
func TestTrouble(t *testing.T) {
	t.Parallel()
	const name = "repair-1-echo-1"
	for trouble, test := range map[string]struct {
		words string // of the line
		cause func(t *testing.T, dir string) *exec.Cmd
	}{
		"no Go": {"go is missing", func(t *testing.T, dir string) *exec.Cmd {
			cmd := practice(t, "-dir", dir, name)
			cmd.Env = append(cmd.Env, "PATH=/nowhere")
			return cmd
		}},
		"no rights": {"permission denied", func(t *testing.T, dir string) *exec.Cmd {
			if err := os.Chmod(dir, 0o555); err != nil {
				t.Fatal(err)
			}
			return practice(t, "-dir", dir, name)
		}},
		"no folder": {"not a directory", func(t *testing.T, dir string) *exec.Cmd {
			write(t, dir+"/file", "")
			return practice(t, "-dir", dir+"/file/practice", name)
		}},
		"full disk": {"no space left on device", func(t *testing.T, dir string) *exec.Cmd {
			program, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			cmd := practice(t)
			cmd.Path, cmd.Args = "/usr/bin/unshare", []string{"unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
				`mount -t tmpfs -o size=16k tmpfs "$1" && exec "$0" -dir "$1" "$2"`, program, dir, name}
			return cmd
		}},
		"damaged state": {"state.json is damaged", func(t *testing.T, dir string) *exec.Cmd {
			write(t, dir+"/state.json", `{"current":`)
			return practice(t, "-dir", dir, name)
		}},
		"broken copy": {"01-blocking/sock/io.go is missing: `go run ./docs/practice reset`", func(t *testing.T, dir string) *exec.Cmd {
			s := openTest(t)
			s.space.Dir = dir
			_, c := beginTest(t, s, name)
			if err := os.Remove(c.Path("01-blocking/sock/io.go")); err != nil {
				t.Fatal(err)
			}
			return practice(t, "-dir", dir, "check", name)
		}},
	} {
		t.Run(trouble, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "practice")
			if err := os.Mkdir(dir, 0o777); err != nil {
				t.Fatal(err)
			}
			cmd := test.cause(t, dir)
			var complaints strings.Builder
			cmd.Stderr = &complaints
			err := asNobodySpecial(cmd.Run)
			said := complaints.String()
			isOneLine := strings.Count(said, "\n") == 1 && strings.HasPrefix(said, "practice: ")
			if cmd.ProcessState.ExitCode() != 1 || !isOneLine || !strings.Contains(said, test.words) {
				t.Errorf("expected status 1 and a line with %q, but got %v and\n%s", test.words, err, said)
			}
		})
	}
}

// asNobodySpecial runs a function that starts a program, without the right to pass
// over all rights to files, which root has.
func asNobodySpecial(run func() error) (err error) {
	done := make(chan bool)
	go func() {
		runtime.LockOSThread() // until the thread ends, with this goroutine
		for _, capability := range []uintptr{unix.CAP_DAC_OVERRIDE, unix.CAP_DAC_READ_SEARCH} {
			unix.Prctl(unix.PR_CAPBSET_DROP, capability, 0, 0, 0) // who is not root may not, and need not
		}
		err = run()
		close(done)
	}()
	<-done
	return err
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestKilled kills practice again and again while it makes a copy: each time the
// copy is whole or not there, and the state can be read.
func TestKilled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openTest(t)
	s.space.Dir = dir
	e, err := s.find("repair-2-echo-1")
	if err != nil {
		t.Fatal(err)
	}
	whole := 0
	for tries := 0; whole < 3 && tries < 200; tries++ {
		cmd := practice(t, "-dir", dir, e.Name)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		awaitFiles(dir, tries, ended)
		cmd.Process.Signal(syscall.SIGKILL)
		<-ended
		if _, err := s.space.State(); err != nil {
			t.Fatal(err)
		}
		copied := filepath.Join(dir, e.Name)
		if _, err := os.Stat(copied); err != nil {
			continue
		}
		whole++
		c, err := s.space.Begin(e)
		if err == nil {
			err = s.space.Check(c, e)
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := os.RemoveAll(copied); err != nil {
			t.Fatal(err)
		}
	}
	if whole == 0 {
		t.Error("no copy was ever made")
	}
}

// awaitFiles waits until there are so many files in a folder that practice makes, or
// practice has ended.
func awaitFiles(dir string, n int, ended <-chan error) {
	for {
		made := 0
		filepath.WalkDir(dir, func(string, os.DirEntry, error) error { made++; return nil })
		if made > n || len(ended) > 0 {
			return
		}
	}
}
