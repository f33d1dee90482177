package echotest

import (
	"errors"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// IPv6 plays a scenario with the program in the current directory at an address
// of IPv6, and holds the log against the golden file in testdata/ipv6.
func IPv6(t *testing.T, lesson Lesson) {
	l, err := net.Listen("tcp", "[::1]:0")
	if errors.Is(err, syscall.EAFNOSUPPORT) || errors.Is(err, syscall.EADDRNOTAVAIL) {
		t.Skip("needs IPv6: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	lesson.Args = append(lesson.Args, "-addr", "[::1]:0")
	lesson.Only = []string{"echo"}
	lesson.Golden = "testdata/ipv6"
	Run(t, lesson)
}

// NoIPv6 tests what the program in the current directory says where the kernel
// has no IPv6.
func NoIPv6(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("needs strace, to inject faults into system calls: ", err)
	}
	path, err := Build(".")
	if err != nil {
		t.Fatal(err)
	}
	trace := filepath.Join(t.TempDir(), "trace")
	cmd := exec.Command(strace, "-q", "-f", "-o", trace, "-e", "inject=socket:error=EAFNOSUPPORT", path, "-addr", "[::1]:0")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	cmd.Run()
	line := filepath.Base(path) + ": listen [::1]:0: address family not supported by protocol\n"
	if status := cmd.ProcessState.ExitCode(); status != 1 || stderr.String() != line {
		t.Errorf("expected status 1 and\n%s, but got %d and\n%s", line, status, &stderr)
	}
}

// StandardOutput tests that the program in the current directory leaves the
// flags of its standard output alone, which others may share.
func StandardOutput(t *testing.T, args ...string) {
	Play(t, func(st *Stage) {
		st.Client("alice").Echo("hello")
		if flags := DescriptorFlags(st.Server.PID(), 1); flags&syscall.O_NONBLOCK != 0 {
			t.Errorf("expected standard output to be blocking, as it was, but its flags are %#o", flags)
		}
	}, args...)
}

// Collected tests that what the program in the current directory has open
// outlives the garbage collector, which runs all the time.
func Collected(t *testing.T, args ...string) {
	PlayUnder(t, []string{"env", "GOGC=1"}, func(st *Stage) {
		for range 500 { // so many that it runs a few times
			c := st.Client("one of many")
			c.Echo("hello")
			c.Leave()
		}
	}, args...)
}

// FalseReadiness tests that the program in the current directory goes on when
// somebody is said to be ready and is not: a fault for Inject says how.
func FalseReadiness(t *testing.T, fault string) {
	Inject(t, fault, func(st *Stage, trace Trace) {
		alice, bob := st.Client("alice"), st.Client("bob")
		for range 10 {
			alice.Echo("hello")
			bob.Echo("hello")
		}
		alice.Leave()
		bob.Echo("hello")
		bob.Leave()
		if len(trace.Lines("(INJECTED)")) == 0 {
			t.Error("nothing was said to be ready that is not: this test tests nothing")
		}
	})
}
