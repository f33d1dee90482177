package server

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// noexec names the variable of the environment that tells the test that it runs
// where TMPDIR cannot run programs.
const noexec = "ECHO_TMPDIR_IS_NOEXEC"

// TestTemporaryFilesCannotRun builds and starts a server where TMPDIR is mounted
// noexec, and GOTMPDIR is a directory where programs can run.
func TestTemporaryFilesCannotRun(t *testing.T) {
	if os.Getenv(noexec) != "" {
		playNoexec(t)
		return
	}
	const script = `mount -t tmpfs -o noexec tmpfs "$TMPDIR" && exec "$@"`
	unshare := []string{"--user", "--map-root-user", "--mount"}
	if out, err := exec.Command("unshare", append(unshare, "true")...).CombinedOutput(); err != nil {
		t.Skipf("needs unshare, and the right to mount in a namespace of its own: %v\n%s", err, out)
	}
	args := append(unshare, "sh", "-c", script, "sh", os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd := exec.Command("unshare", args...)
	cmd.Env = append(os.Environ(), noexec+"=1", "TMPDIR="+t.TempDir(), "GOTMPDIR="+t.TempDir())
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("%v\n%s", err, out)
	}
}

func playNoexec(t *testing.T) {
	if err := exec.Command("cp", "/bin/true", os.TempDir()).Run(); err != nil {
		t.Fatal(err)
	}
	if err := exec.Command(os.TempDir() + "/true").Run(); err == nil {
		t.Fatalf("%s is not mounted noexec", os.TempDir())
	}
	lesson, err := Lesson()
	if err != nil {
		t.Fatal(err)
	}
	path, err := Build(lesson)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Start(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(); err != nil {
		t.Error(err)
	}
}
