//go:build linux

package walkthrough

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"example.com/echo/docs/repo"
	"golang.org/x/sys/unix"
)

// takeTime names the variable of the environment that has tests do what takes
// minutes.
const takeTime = "TAKE_TIME"

// pageVariable names the page that this process is to follow: it is the child of
// a test, on a machine of its own.
const pageVariable = "FOLLOW_PAGE"

func TestMain(m *testing.M) {
	page := os.Getenv(pageVariable)
	if page == "" {
		os.Exit(m.Run())
	}
	// Whatever this process was started with, the reader's programs begin with 0, 1
	// and 2 only: the pages show the numbers of the next. Source: close_range(2).
	unix.CloseRange(programFD, math.MaxInt32, unix.CLOSE_RANGE_CLOEXEC)
	root, err := repo.FindRoot()
	if err == nil {
		err = followHere(root, page)
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func followHere(root repo.Root, page string) error {
	all, err := steps(root, page)
	if err != nil {
		return err
	}
	typed, err := follow(page, all)
	if err == nil {
		fmt.Printf("%d commands\n", typed)
	}
	return err
}

// TestFollow types every command of every page, in order, as a reader with a few
// terminals and a fresh copy of the repository does. It takes minutes, so it
// does so only if it is told to.
func TestFollow(t *testing.T) {
	if os.Getenv(takeTime) == "" {
		t.Logf("set %s=1 to have every command typed", takeTime)
		return
	}
	root, names := allPages(t)
	for _, need := range []string{"unshare", "ip", "nc", "curl", "strace", "ss", "pgrep", "top", "haproxy"} {
		if _, err := exec.LookPath(need); err != nil {
			t.Skip("needs ", need)
		}
	}
	if out, err := machine("true").CombinedOutput(); err != nil {
		t.Skipf("needs namespaces of its own, which this machine does not allow: %v\n%s", err, out)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			followAlone(t, root, name)
		})
	}
}

// programFD is the descriptor by which the child finds this program, whose file
// may lie in the directory /tmp that it cannot see.
const programFD = 3

// machine returns a command that runs a program with a network, processes and
// mounts of its own, so port 1337 is free, and nothing is left behind.
// Source: unshare(1).
func machine(program string, args ...string) *exec.Cmd {
	return exec.Command("unshare", append([]string{
		"--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child", program,
	}, args...)...)
}

// followAlone follows a page in a fresh copy of the repository.
func followAlone(t *testing.T, root repo.Root, page string) {
	tmp := t.TempDir()
	if err := copyTree(root, filepath.Join(tmp, "echo")); err != nil {
		t.Fatal(err)
	}
	program, err := os.Open("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	defer program.Close()
	// The shell stays: it is the machine's init, and reaps whoever lost its parent.
	const begin = `mount --bind "$0" /tmp && ip link set lo up && cd /tmp/echo && /proc/self/fd/3; exit $?`
	child := machine("sh", "-c", begin, tmp)
	child.ExtraFiles = []*os.File{program}
	child.Env = append(os.Environ(), pageVariable+"="+page, takeTime+"=", "TMPDIR=/tmp")
	child.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// copyTree copies the repository, without its history.
func copyTree(root repo.Root, to string) error {
	if err := os.Mkdir(to, 0o777); err != nil {
		return err
	}
	entries, err := os.ReadDir(string(root))
	for _, entry := range entries {
		switch name := entry.Name(); {
		case name == ".git":
		case entry.IsDir():
			err = os.CopyFS(filepath.Join(to, name), os.DirFS(root.Path(name)))
		default:
			var text []byte
			if text, err = os.ReadFile(root.Path(name)); err == nil {
				err = os.WriteFile(filepath.Join(to, name), text, 0o666)
			}
		}
		if err != nil {
			return err
		}
	}
	return err
}
