package servers

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"example.com/echo/01-blocking/echotest"
	"golang.org/x/sys/unix"
)

// command returns the command that starts a server, which it builds if need be.
func command(t *testing.T, s Server) string {
	t.Helper()
	needLinux(t)
	start := s.Command
	if start == "" {
		start = startFile(t, s) + " {host} {port}"
	} else {
		program, _, _ := strings.Cut(start, " ")
		need(t, program)
	}
	return fmt.Sprintf("ulimit -Sn %d && exec %s", descriptors, start)
}

// startFile returns the command for a file of testdata.
func startFile(t *testing.T, s Server) string {
	t.Helper()
	source, err := filepath.Abs(filepath.Join("testdata", s.Name))
	if err != nil {
		t.Fatal(err)
	}
	switch filepath.Ext(s.Name) {
	case ".c":
		return build(t, "gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", "", source, library(t, s))
	case ".go":
		return build(t, "go", "build", "-o", "", source)
	case ".java":
		need(t, "java")
		dir := echotest.Scratch(t)
		compile(t, "javac", "-Xlint:all", "-Werror", "-d", dir, source)
		return "java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto -cp " + quote(dir) + " Server" // begins sooner
	case ".js":
		return need(t, "node") + " " + quote(source)
	case ".py":
		return python(t) + " " + quote(source)
	case ".sh":
		need(t, "/usr/sbin/inetd")
		return "sh " + quote(source)
	}
	t.Fatalf("%s: it is not known how to start it", s.Name)
	panic("unreachable")
}

// library returns what the linker needs for a server in C.
func library(t *testing.T, s Server) string {
	t.Helper()
	if !strings.Contains(s.Name, "libevent") {
		return "-lc"
	}
	if err := exec.Command("sh", "-c", "echo '#include <event2/listener.h>' | gcc -E -").Run(); err != nil {
		t.Skip("needs the headers of libevent 2 (libevent-dev)")
	}
	return "-levent"
}

// python returns the interpreter itself: python3 can be a script that looks for
// it, and takes longer than all the rest of a short scenario.
func python(t *testing.T) string {
	t.Helper()
	path, err := exec.Command(need(t, "python3"), "-c", "import sys; assert sys.version_info >= (3, 8); print(sys.executable)").Output()
	if err != nil {
		t.Skip("needs python3 of version 3.8 or later: ", err)
	}
	return quote(strings.TrimSpace(string(path)))
}

// build runs a compiler and returns the program, whose path comes after -o.
func build(t *testing.T, compiler string, args ...string) string {
	t.Helper()
	program := filepath.Join(echotest.Scratch(t), "server")
	args[slices.Index(args, "-o")+1] = program
	compile(t, compiler, args...)
	return quote(program)
}

func compile(t *testing.T, compiler string, args ...string) {
	t.Helper()
	if out, err := exec.Command(need(t, compiler), args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
}

func needLinux(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("needs /proc, to see that a server listens")
	}
}

// need returns a program that this machine may lack.
func need(t *testing.T, program string) string {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skip("needs ", program, ": ", err)
	}
	return program
}

// descriptors is the soft limit of each server, wherever the tests run: it decides
// what becomes of a crowd.
const descriptors = 4096

// needDescriptors skips a test where the servers cannot have that limit, or the
// clients of some servers at a time cannot have as many as they need.
func needDescriptors(t *testing.T, clients uint64) {
	t.Helper()
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	if most := max(descriptors, clients); uint64(limit.Max) < most {
		t.Skipf("needs a hard limit of %d descriptors (ulimit -Hn), but it is %d", most, limit.Max)
	}
}

// quote quotes a path for the shell.
func quote(path string) string { return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'" }
