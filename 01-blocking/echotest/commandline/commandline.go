// Package commandline tests how a lesson's program takes its flags, how it ends,
// and what it writes outside of its log.
package commandline

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/logfile"
	"example.com/echo/01-blocking/echotest/server"
	"github.com/google/go-cmp/cmp"
)

// An Invocation is a way to call a program that ends by itself: with a status,
// and with one line on standard error or none.
type Invocation struct {
	Args   string // separated by spaces
	Status int
	Line   string // after the program's name and a colon
}

// BadInput tests how the lesson's program takes bad input,
// and more of the program's own. Nothing of it may be a stack trace.
func BadInput(t *testing.T, more ...Invocation) {
	path := echotest.Program(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	const badAddr = "want a number as host, and a port, as in 127.0.0.1:1337 or [::1]:0"
	for _, call := range append(more,
		Invocation{"-no-such-flag", 2, "flag provided but not defined: -no-such-flag"},
		Invocation{"-addr", 2, "flag needs an argument: -addr"},
		Invocation{"-addr nonsense", 2, `invalid value "nonsense" for flag -addr: ` + badAddr},
		Invocation{"-addr 127.0.0.1", 2, `invalid value "127.0.0.1" for flag -addr: ` + badAddr},
		Invocation{"-addr 127.0.0.1:65536", 2, `invalid value "127.0.0.1:65536" for flag -addr: want a port from 0 to 65535`},
		Invocation{"-addr [fe80::1%lo]:0", 2, `invalid value "[fe80::1%lo]:0" for flag -addr: want an address without a zone`},
		Invocation{"-addr 127.0.0.1:0 extra", 2, `unexpected argument "extra"`},
		Invocation{"-addr " + taken.Addr().String(), 1, fmt.Sprintf("listen %v: address already in use", taken.Addr())},
		Invocation{"-addr 192.0.2.1:0", 1, "listen 192.0.2.1:0: cannot assign requested address"},
	) {
		t.Run(strings.ReplaceAll(call.Args, taken.Addr().String(), "TAKEN"), func(t *testing.T) {
			call.check(t, path)
		})
	}
}

func (call Invocation) check(t *testing.T, path string) {
	t.Helper()
	cmd := exec.Command(path, strings.Fields(call.Args)...)
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if _, ok := err.(*exec.ExitError); !ok {
		t.Fatalf("expected it to end with status %d, but: %v", call.Status, err)
	}
	line := fmt.Sprintf("%s: %s\n", filepath.Base(path), call.Line)
	if diff := cmp.Diff(line, stderr.String()); diff != "" {
		t.Errorf("standard error is not as expected (-expected +came):\n%s", diff)
	}
	if status := cmd.ProcessState.ExitCode(); status != call.Status {
		t.Errorf("expected status %d, but got %d", call.Status, status)
	}
	if stdout.Len() > 0 {
		t.Errorf("expected nothing on standard output, but there was:\n%s", &stdout)
	}
}

// Quiet tests that the lesson's program writes nothing with
// -quiet, and serves all the same.
func Quiet(t *testing.T, args ...string) {
	path := echotest.Program(t)
	s, err := server.StartQuiet(path, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Kill()
	stage := &echotest.Stage{Server: s}
	if failure := stage.Play(func(st *echotest.Stage) {
		alice := st.Client("alice")
		alice.Echo("hello")
		alice.Leave()
	}); failure != nil {
		t.Fatal(failure)
	}
	s.Stop()
	if status := s.ExitCode(); status != 0 {
		t.Errorf("expected status 0, but got %d: %s", status, s.Errors())
	}
	if events, err := s.Output(); len(events) > 0 || err != nil || s.Errors() != "" {
		t.Errorf("expected no output, but got %d lines of log, %v and %q", len(events), err, s.Errors())
	}
}

// ClosedLog tests that the lesson's program ends with status 1
// and one line when nobody reads its log any more, as in: server | head -1
func ClosedLog(t *testing.T, args ...string) {
	path := echotest.Program(t)
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, append([]string{"-addr", "127.0.0.1:0"}, args...)...)
	cmd.Stdout = writer
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := server.Launch(cmd); err != nil {
		t.Fatal(err)
	}
	writer.Close()
	first, err := bufio.NewReader(reader).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	event, err := logfile.ParseLine(strings.TrimSuffix(first, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	reader.Close()
	client, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", event.Socket.LocalPort))
	if err == nil { // or the server has ended already: lesson 5 has more to say at first
		defer client.Close()
		go keepTalking(client)
	}
	err = cmd.Wait()
	if status := cmd.ProcessState.ExitCode(); status != 1 {
		t.Errorf("expected status 1, but got %d: %v", status, err)
	}
	line := filepath.Base(path) + ": write standard output: broken pipe\n"
	if diff := cmp.Diff(line, stderr.String()); diff != "" {
		t.Errorf("standard error is not as expected (-expected +came):\n%s", diff)
	}
}

// FullLog tests that the lesson's program ends with status 1 and one line when
// its log cannot be written, as on a full disk. Linux only: it has /dev/full.
func FullLog(t *testing.T, args ...string) {
	if runtime.GOOS != "linux" {
		t.Skip("needs /dev/full, which only Linux has")
	}
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	expectLine(t, exec.Command(echotest.Program(t), append([]string{"-addr", "127.0.0.1:0"}, args...)...), full,
		"write standard output: no space left on device")
}

// FewDescriptors tests that the lesson's program says in one line when so few
// files may be open that it could serve nobody.
func FewDescriptors(t *testing.T, args ...string) {
	words := append([]string{"-c", `ulimit -n 10 && exec "$0" "$@"`, echotest.Program(t), "-addr", "127.0.0.1:0"}, args...)
	expectLine(t, exec.Command("sh", words...), nil, "10 open files are too few (ulimit -n): 11 are needed")
}

// expectLine runs the program, which is to end with status 1 and one line.
func expectLine(t *testing.T, cmd *exec.Cmd, stdout io.Writer, line string) {
	t.Helper()
	var stderr strings.Builder
	cmd.Stdout, cmd.Stderr = stdout, &stderr
	err := cmd.Run()
	if status := cmd.ProcessState.ExitCode(); status != 1 {
		t.Errorf("expected status 1, but got %d: %v", status, err)
	}
	line = filepath.Base(echotest.Program(t)) + ": " + line + "\n"
	if diff := cmp.Diff(line, stderr.String()); diff != "" {
		t.Errorf("standard error is not as expected (-expected +came):\n%s", diff)
	}
}

// ClosedErrors tests that the lesson's program ends with its own status when
// nobody reads standard error either, as in: server 2>&1 | head -1
func ClosedErrors(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	reader.Close()
	defer writer.Close()
	cmd := exec.Command(echotest.Program(t), "-no-such-flag")
	cmd.Stdout, cmd.Stderr = writer, writer
	err = cmd.Run()
	if status := cmd.ProcessState.ExitCode(); status != 2 {
		t.Errorf("expected status 2, but got %d: %v", status, err)
	}
}

// keepTalking has one message after another echoed, until the server ends: a
// program that another test is just starting may have the log's other end for a
// moment, and then the first lines are not lost.
func keepTalking(client net.Conn) {
	came := make([]byte, 5)
	for {
		if _, err := client.Write([]byte("hello")); err != nil {
			return
		}
		if _, err := io.ReadFull(client, came); err != nil {
			return
		}
	}
}

// HighDescriptor tests that the lesson's program, started with
// so many open descriptors that its server socket is number 1043, says in one
// line that select cannot watch a descriptor: the first that it is told to.
func HighDescriptor(t *testing.T, first int) {
	echotest.NeedDescriptors(t, first+1)
	path := echotest.Program(t)
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	cmd := exec.Command(path, "-addr", "127.0.0.1:0")
	for range 1040 {
		cmd.ExtraFiles = append(cmd.ExtraFiles, null)
	}
	expectLine(t, cmd, nil, fmt.Sprintf("select cannot watch descriptor %d: its sets end at 1023", first))
}
