package worker

import (
	"fmt"
	"io"
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
	starts  *os.File            // has a byte when the process is up
	ended   *syscall.WaitStatus // nil while it runs
	reaped  chan struct{}       // closed when ended is set
}

// start starts the worker called name, which serves socket. What the worker
// inherits besides standard input and standard error:
//
//	1  a pipe for its log: only the supervisor writes to standard output, in
//	   whole lines, even for a worker that is killed in the middle of one
//	3  the listening socket
//	4  the lifeline: a pipe whose other end only the supervisor has
//	9  a pipe that it writes a byte into when it is up, and closes: from then on
//	   it stops in good order. The numbers before are for what it opens until then.
//
// Everything else is closed on exec.
func start(name string, socket *sock.Socket, lifeline *os.File, args []string) (*process, error) {
	program, err := executable()
	if err != nil {
		return nil, err
	}
	listening, err := inheritable(socket)
	if err != nil {
		return nil, err
	}
	defer listening.Close()
	lines, log, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer log.Close()
	starts, starting, err := os.Pipe()
	if err != nil {
		lines.Close()
		return nil, err
	}
	defer starting.Close()
	files := []*os.File{os.Stdin, log, os.Stderr, serverFD: listening, lifelineFD: lifeline, startingFD: starting}
	p, err := os.StartProcess(program, append([]string{os.Args[0], childArgument, name}, args...), &os.ProcAttr{Files: files})
	if err != nil {
		lines.Close()
		starts.Close()
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return &process{name: name, process: p, lines: lines, starts: starts, reaped: make(chan struct{})}, nil
}

// awaitUp waits until the process is up, or has ended before.
func (p *process) awaitUp() bool {
	defer p.starts.Close()
	n, _ := p.starts.Read(make([]byte, 1))
	return n == 1
}

// inheritable returns a second descriptor of the socket as a file, which the
// caller closes. os.NewFile leaves O_NONBLOCK as it is; the File method of a
// net.TCPListener clears it, for every process that shares the socket.
func inheritable(socket *sock.Socket) (*os.File, error) {
	second, err := dup(socket)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(second.FD()), "listening socket"), nil
}

// wait waits for the process to end, and reaps it.
func (p *process) wait() error {
	state, err := p.process.Wait()
	if err != nil {
		return fmt.Errorf("wait for %s: %w", p.name, err)
	}
	status := state.Sys().(syscall.WaitStatus)
	p.ended = &status
	close(p.reaped)
	return nil
}

// relay copies what the process logs to out, until it has ended, and then logs
// that. An error of out closes the pipe, so that the process ends too.
func (p *process) relay(out io.Writer) error {
	err := copyLines(out, p.lines)
	p.lines.Close()
	if err != nil {
		return err
	}
	<-p.reaped
	_, err = fmt.Fprintln(out, p)
	return err
}

// String returns the process as CPython prints it:
//
//	<Process name='Process-1' pid=27288 parent=27287 started>
//	<Process name='Process-2' pid=27289 parent=27287 stopped exitcode=-SIGKILL>
func (p *process) String() string {
	return processText(p.name, p.process.Pid, os.Getpid(), p.ended)
}
