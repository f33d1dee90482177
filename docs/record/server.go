//go:build linux

package main

import (
	"bytes"
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
	"sync"
	"syscall"
	"time"

	"example.com/echo/01-blocking/echotest/waits"
	"example.com/echo/docs/recording"
	"golang.org/x/sys/unix"
)

// patience is how long anything may take, before recording fails.
const patience = 30 * time.Second

// A server is a lesson's program under strace.
type server struct {
	cmd        *exec.Cmd
	dir        string // of strace's files, one for each thread
	pid        int    // the program's own
	port       int
	log        logText
	complaints bytes.Buffer // on standard error

	waits map[int][]waits.Wait // by process: what it waited in when it was killed
}

// A logText is what the server has logged so far.
type logText struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// launch starts a program under strace, which writes into dir.
func launch(ctx context.Context, dir, program string, straceArgs, flags []string) (*server, error) {
	s := &server{dir: dir, waits: map[int][]waits.Wait{}}
	args := slices.Concat(straceFlags, straceArgs, []string{"-o", filepath.Join(dir, "t"), program, "-addr=127.0.0.1:0"}, flags)
	s.cmd = exec.CommandContext(ctx, "strace", args...)
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	s.cmd.Cancel = func() error { return syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL) }
	s.cmd.Env = append(os.Environ(), "GODEBUG=asyncpreemptoff=1") // keeps Go's own signals out
	unix.CloseRange(3, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC)  // what a shell left open is not the lesson's
	s.cmd.Stdout, s.cmd.Stderr = &s.log, &s.complaints
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	err := wait("the server's first line", func() (bool, error) {
		if m := firstPort.FindStringSubmatch(s.log.String()); m != nil {
			s.port, _ = strconv.Atoi(m[1])
		}
		if s.port == 0 && syscall.Kill(s.cmd.Process.Pid, 0) != nil {
			return false, errors.New("strace has ended")
		}
		return s.port > 0, nil
	})
	if err == nil {
		s.pid, err = s.firstProcess()
	}
	if err != nil {
		s.kill()
		return nil, fmt.Errorf("%w: %s", err, bytes.TrimSpace(s.complaints.Bytes()))
	}
	return s, nil
}

var firstPort = regexp.MustCompile(`Created server sock .*laddr=\('127.0.0.1', (\d+)\)`)

// firstProcess returns the number of the process that strace has started.
func (s *server) firstProcess() (int, error) {
	parent := "PPid:\t" + strconv.Itoa(s.cmd.Process.Pid) + "\n"
	for _, tid := range s.traced() {
		if strings.Contains(status(tid), parent) {
			return processOf(tid), nil
		}
	}
	return 0, errors.New("the server has ended")
}

// kill ends whatever still runs, and waits for strace to end.
func (s *server) kill() {
	if s.cmd.ProcessState == nil {
		s.cmd.Cancel()
		s.cmd.Wait()
	}
}

// lines returns what strace has printed so far, by the time of the entry.
func (s *server) lines() ([]*line, error) {
	var all []*line
	for _, tid := range s.traced() {
		text, err := os.ReadFile(s.file(tid))
		if err != nil {
			return nil, err
		}
		all = append(all, readLines(tid, string(text))...)
	}
	slices.SortStableFunc(all, func(a, b *line) int { return cmp.Compare(a.begin, b.begin) })
	return all, nil
}

func (s *server) file(tid int) string { return filepath.Join(s.dir, fmt.Sprintf("t.%d", tid)) }

// traced returns the numbers of all threads so far.
func (s *server) traced() (tids []int) {
	names, _ := filepath.Glob(filepath.Join(s.dir, "t.*"))
	for _, name := range names {
		tid, _ := strconv.Atoi(strings.TrimPrefix(filepath.Ext(name), "."))
		tids = append(tids, tid)
	}
	return tids
}

// processes returns the numbers of the processes that run, the first one first.
func (s *server) processes() (pids []int) {
	for _, tid := range s.traced() {
		if pid := processOf(tid); pid > 0 && !slices.Contains(pids, pid) {
			pids = append(pids, pid)
		}
	}
	slices.Sort(pids)
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
	file, err := os.Open(s.file(tid))
	if err != nil {
		return nil
	}
	defer file.Close()
	const enough = 1 << 16
	if size, _ := file.Seek(0, io.SeekEnd); size > enough {
		file.Seek(-enough, io.SeekEnd)
	} else {
		file.Seek(0, io.SeekStart)
	}
	text, _ := io.ReadAll(file)
	return readLine(string(text[bytes.LastIndexByte(text, '\n')+1:]))
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

// noteWaits keeps where each process waits: strace prints no stack for a call
// that never returns.
func (s *server) noteWaits() {
	for _, pid := range s.processes() {
		s.waits[pid], _ = waits.Of(pid)
	}
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

// blocked returns this project's frames of a call that has not returned, as they
// were when the process was about to end.
func (s *server) blocked(pid int, c *recording.Call) []recording.Frame {
	for i, w := range s.waits[pid] {
		if strings.TrimSuffix(c.Name, "4") == w.Call && c.FD == w.FD {
			return s.stacks(pid)[i]
		}
	}
	return nil
}

// stacks returns this project's frames of all of a process's waits.
func (s *server) stacks(pid int) (all [][]recording.Frame) {
	for _, w := range s.waits[pid] {
		var frames []recording.Frame
		for _, f := range w.Frames {
			frames = append(frames, recording.Frame{Function: f.Function, File: project + f.File, Line: f.Line})
		}
		all = append(all, frames)
	}
	return all
}
