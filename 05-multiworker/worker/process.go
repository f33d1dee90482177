package worker

import (
	"fmt"
	"os"
	"syscall"

	"example.com/echo/01-blocking/sock"
)

// A process is a worker that is a process. It prints itself as CPython prints
// a multiprocessing.Process.
type process struct {
	name    string
	process *os.Process
	lines   *os.File            // what it logs; ends when it ends
	ended   *syscall.WaitStatus // nil while it runs
}

// start starts the worker called name, which serves socket and ends with
// lifeline. What it inherits besides its standard input and error:
//
//	1  a pipe for its log: only the supervisor writes to standard output,
//	   whole lines, also of a worker that is killed in the middle of one
//	3  the listening socket
//	4  the lifeline: a pipe whose other end only the supervisor has
//
// Everything else is closed on exec.
func start(name string, socket *sock.Socket, lifeline *os.File, args []string) (*process, error) {
	path, err := os.Executable()
	if err != nil {
		return nil, err
	}
	lines, log, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer log.Close()
	listening, err := inheritable(socket)
	if err != nil {
		lines.Close()
		return nil, err
	}
	defer listening.Close()
	p, err := os.StartProcess(path, append([]string{os.Args[0], childArgument, name}, args...), &os.ProcAttr{
		Files: []*os.File{os.Stdin, log, os.Stderr, listening, lifeline},
	})
	if err != nil {
		lines.Close()
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return &process{name: name, process: p, lines: lines}, nil
}

// inheritable returns a second descriptor of the socket as a file, to be
// closed by the caller. os.NewFile leaves O_NONBLOCK as it is; the File method
// of a net.TCPListener clears it, and for every process that shares the socket.
func inheritable(socket *sock.Socket) (*os.File, error) {
	dup, err := socket.Dup()
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(dup.FD()), "listening socket"), nil
}

// wait returns when the process has ended, and its parts are gone from the
// system (it is reaped).
func (p *process) wait() error {
	state, err := p.process.Wait()
	if err != nil {
		return fmt.Errorf("wait for %s: %w", p.name, err)
	}
	status := state.Sys().(syscall.WaitStatus)
	p.ended = &status
	return nil
}

// String returns the process as CPython prints it:
//
//	<Process name='Process-1' pid=27288 parent=27287 started>
//	<Process name='Process-2' pid=27289 parent=27287 stopped exitcode=-SIGKILL>
func (p *process) String() string {
	return processText(p.name, p.process.Pid, os.Getpid(), p.ended)
}
