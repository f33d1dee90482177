//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"example.com/echo/01-blocking/echotest/procfs"
	"example.com/echo/docs/repo"
	"golang.org/x/sys/unix"
)

// A contender is a server that is measured: a program and its flags.
type contender struct {
	Name      string // in the figures
	program   string // its path
	directory string // for files that it writes
	dir       string // of its source, from the root
	args      []string

	// clients is how many it can serve at once; 0 for as many as there are
	// descriptors.
	clients int

	logs     bool   // to a file
	isPython bool   // takes its address without a flag
	anywhere bool   // is not kept to one processor
	calls    string // system calls that strace is to trace; "" for no strace
}

// A server is a contender that runs.
type server struct {
	*contender
	addr  string
	cmd   *exec.Cmd
	ended chan struct{}
	said  *strings.Builder // on standard error

	atStart int    // resident memory in bytes, when it listened
	trace   string // the file of traced system calls
}

// anyPort is where all contenders listen. Not everyone says which port that is;
// the kernel does.
const anyPort = "127.0.0.1:0"

// start starts the contender on the processors, none for any, and waits until
// it listens.
func (c *contender) start(ctx context.Context, processors []int, args ...string) (*server, error) {
	s := &server{contender: c, ended: make(chan struct{}), said: new(strings.Builder)}
	if err := s.prepare(args); err != nil {
		return nil, err
	}
	s.cmd.Stderr = s.said
	err := begin(s.cmd, processors)
	if log, ok := s.cmd.Stdout.(*os.File); ok {
		log.Close() // the program has its own
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Name, err)
	}
	go func() {
		s.cmd.Wait()
		close(s.ended)
	}()
	for {
		addr, ok, err := procfs.ListensOn(s.cmd.Process.Pid)
		if err != nil {
			s.stop()
			return nil, err
		}
		if ok {
			s.addr, s.atStart = addr.String(), s.resident()
			return s, nil
		}
		select {
		case <-s.ended:
			return nil, fmt.Errorf("%s ended before it listened: %s", c.Name, s.said)
		case <-ctx.Done():
			s.stop()
			return nil, ctx.Err()
		case <-time.After(time.Millisecond):
		}
	}
}

// prepare makes the command line. Files that the server writes are in the
// directory of its program.
func (s *server) prepare(more []string) error {
	line := slices.Concat([]string{s.program}, s.args, more)
	if s.isPython {
		line = append(line, anyPort, "0") // one loop
	} else {
		line = append(line, "-addr", anyPort)
	}
	if s.calls != "" {
		strace, err := exec.LookPath("strace")
		if err != nil {
			return fmt.Errorf("needs strace, to count system calls: %w", err)
		}
		s.trace = s.program + ".trace"
		line = append([]string{strace, "-f", "-qq", "-e", "signal=none", "-e", "trace=" + s.calls, "-o", s.trace}, line...)
	}
	s.cmd = exec.Command(line[0], line[1:]...)
	if s.logs {
		log, err := os.Create(filepath.Join(s.directory, "log"))
		if err != nil {
			return err
		}
		s.cmd.Stdout = log
	}
	return nil
}

// resident returns the memory of the server's processes, in bytes. Source:
// proc(5), VmRSS in /proc/PID/status.
func (s *server) resident() int {
	total := 0
	for _, pid := range s.processes() {
		var kib int
		fmt.Sscanf(repo.ProcField(fmt.Sprintf("/proc/%d/status", pid), "VmRSS"), "%d kB", &kib)
		total += kib << 10
	}
	return total
}

// stop ends the server and its workers at once; it returns when they are gone.
func (s *server) stop() {
	syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL)
	<-s.ended
}

// processes returns the ids of the server and its workers, strace's first if
// there is one.
func (s *server) processes() []int { return procfs.Family(s.cmd.Process.Pid) }

// beginnings are the programs to be started, all by one thread that stays: the
// kernel kills a program when the thread that started it ends, and a thread's
// processors are those of the programs that it starts.
var beginnings = make(chan func())

func init() {
	go func() {
		runtime.LockOSThread()
		for begin := range beginnings {
			begin()
		}
	}()
}

// begin starts cmd, in a process group of its own, on the processors. It does
// not outlive this process.
func begin(cmd *exec.Cmd, processors []int) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	done := make(chan error)
	beginnings <- func() {
		var all unix.CPUSet
		err := unix.SchedGetaffinity(0, &all)
		if err == nil && len(processors) > 0 {
			var some unix.CPUSet
			for _, p := range processors {
				some.Set(p)
			}
			err = unix.SchedSetaffinity(0, &some)
		}
		if err == nil {
			err = errors.Join(cmd.Start(), unix.SchedSetaffinity(0, &all))
		}
		done <- err
	}
	return <-done
}
