//go:build linux

package recorder

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// patience is how long anything may take.
const patience = 20 * time.Second

// A server is a lesson's program under strace.
type server struct {
	cmd  *exec.Cmd
	dir  string // of its log, its standard error, and strace's files, one for each thread
	pid  int    // the program's own
	port int
}

// launch starts a program under strace. All files are in dir.
func launch(ctx context.Context, dir, program string, straceArgs, flags []string) (*server, error) {
	s := &server{dir: dir}
	args := slices.Concat(straceFlags, straceArgs, []string{"-o", filepath.Join(dir, "t"), program, "-addr=127.0.0.1:0"}, flags)
	s.cmd = exec.CommandContext(ctx, "strace", args...)
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	s.cmd.Cancel = func() error { return syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL) }
	s.cmd.Env = append(os.Environ(), "GODEBUG=asyncpreemptoff=1") // keeps Go's own signals out
	unix.CloseRange(3, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC)  // what a shell left open is not the lesson's
	for name, output := range map[string]*io.Writer{"log": &s.cmd.Stdout, "errors": &s.cmd.Stderr} {
		file, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		defer file.Close()
		*output = file
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	err := wait("the server's first line", func() (bool, error) {
		if m := firstPort.FindStringSubmatch(s.text("log")); m != nil {
			s.port, _ = strconv.Atoi(m[1])
		}
		return s.port > 0, nil
	})
	if err != nil {
		s.kill()
		return nil, fmt.Errorf("%w: %s", err, s.text("errors"))
	}
	parent := "PPid:\t" + strconv.Itoa(s.cmd.Process.Pid) + "\n"
	for _, pid := range s.processes() {
		if strings.Contains(status(pid), parent) {
			s.pid = pid
			return s, nil
		}
	}
	s.kill()
	return nil, errors.New("the server has ended")
}

var firstPort = regexp.MustCompile(`Created server sock .*laddr=\('127.0.0.1', (\d+)\)`)

// text returns what is in one of the server's files so far.
func (s *server) text(name string) string {
	text, _ := os.ReadFile(filepath.Join(s.dir, name))
	return string(text)
}

// kill ends whatever still runs, and waits for strace to end.
func (s *server) kill() {
	if s.cmd.ProcessState == nil {
		s.cmd.Cancel()
		s.cmd.Wait()
	}
}

// lines returns what strace has printed so far, by the time of the entry.
func (s *server) lines() (all []*line) {
	for _, tid := range s.traced() {
		all = append(all, readLines(tid, s.text(fmt.Sprintf("t.%d", tid)))...)
	}
	slices.SortStableFunc(all, func(a, b *line) int { return cmp.Compare(a.begin, b.begin) })
	return all
}

// traced returns the numbers of all threads so far.
func (s *server) traced() (tids []int) {
	names, _ := filepath.Glob(filepath.Join(s.dir, "t.*"))
	for _, name := range names {
		tid, _ := strconv.Atoi(strings.TrimPrefix(filepath.Ext(name), "."))
		tids = append(tids, tid)
	}
	return tids
}

// processes returns the numbers of the processes that run.
func (s *server) processes() (pids []int) {
	for _, tid := range s.traced() {
		if pid := processOf(tid); pid > 0 && !slices.Contains(pids, pid) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// status returns what the kernel tells of a thread; "" if it is gone.
func status(tid int) string {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", tid))
	return string(text)
}

var threadGroup = regexp.MustCompile(`(?m)^Tgid:\s+(\d+)$`)

// processOf returns the number of the process that a thread belongs to, or 0 if
// it is gone: also if it has ended, strace has been told so, and nobody else
// asks.
func processOf(tid int) int {
	text := status(tid)
	m := threadGroup.FindStringSubmatch(text)
	if m == nil || strings.Contains(text, "\nState:\tZ") && strings.Contains(text, "\nTracerPid:\t0\n") {
		return 0
	}
	pid, _ := strconv.Atoi(m[1])
	return pid
}

// current returns the call that a thread is in; nil if that is none of those
// which strace prints. While a call lasts, its line is not finished.
func (s *server) current(tid int) *line {
	text := s.text(fmt.Sprintf("t.%d", tid))
	return readLine(text[strings.LastIndex(text, "\n")+1:])
}

// signal sends a signal to a thread that waits in a loop, or to one that is in
// none of the calls: the kernel gives a signal for the process to any thread that
// does not block it, and a recording is to be the same each time.
func (s *server) signal(pid int, which unix.Signal, isWaiting bool) error {
	sockets, err := socketsOf(s.port)
	if err != nil {
		return err
	}
	for _, tid := range threads(pid) {
		call := s.current(tid)
		isIn := call != nil && (!isWaiting || len(watched(pid, call, sockets)) > 0)
		if isIn == isWaiting && !isBlocked(tid, which) {
			return unix.Tgkill(pid, tid, which)
		}
	}
	return errors.New("no thread to send the signal to")
}

var blockedSignals = regexp.MustCompile(`(?m)^SigBlk:\s+([0-9a-f]+)$`)

// isBlocked reports whether a thread blocks a signal.
func isBlocked(tid int, which unix.Signal) bool {
	m := blockedSignals.FindStringSubmatch(status(tid))
	return m == nil || hexadecimal(m[1])>>(which-1)&1 == 1
}

// threads returns the numbers of a process's threads.
func threads(pid int) (tids []int) {
	entries, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	for _, entry := range entries {
		tid, _ := strconv.Atoi(entry.Name())
		tids = append(tids, tid)
	}
	return tids
}

// wait asks until the answer is yes.
func wait(what string, ask func() (bool, error)) error {
	deadline := time.Now().Add(patience)
	for range time.Tick(time.Millisecond) {
		if ok, err := ask(); ok || err != nil {
			return err
		}
		if time.Now().After(deadline) {
			break
		}
	}
	return fmt.Errorf("waited %v for %s", patience, what)
}
