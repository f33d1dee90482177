package faults

import (
	"errors"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"example.com/echo/01-blocking/echotest"
)

// IPv6 plays a scenario with the lesson's program at an address
// of IPv6, and holds the log against the golden file in testdata/ipv6.
func IPv6(t *testing.T, lesson echotest.Lesson) {
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
	lesson.Golden = "ipv6"
	echotest.Run(t, lesson)
}

// NoIPv6 tests what the lesson's program says where the kernel
// has no IPv6.
func NoIPv6(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("needs strace, to inject faults into system calls: ", err)
	}
	path := echotest.Program(t)
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
