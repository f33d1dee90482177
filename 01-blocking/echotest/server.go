package echotest

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Patience is the longest wait for anything that must happen. It is long,
// because a busy machine is no fault of the server's; nothing waits so long
// unless it fails.
const Patience = 30 * time.Second

// A Server is a running server under test: a process of its own, whose log is
// read and checked line by line as it comes.
type Server struct {
	Addr netip.AddrPort

	cmd     *exec.Cmd
	log     *logReader
	errors  bytes.Buffer // standard error; complete when ended is closed
	foreign bool         // the reader's own: perhaps without a log
	ended   chan struct{}
	endErr  error
}

// Start starts the program at path with args on a free port, and waits for its
// first line, which names the port. Whoever starts it calls Stop or Kill.
func Start(path string, args ...string) (*Server, error) {
	return start(exec.Command(path, append([]string{"-addr", "127.0.0.1:0"}, args...)...), false)
}

// StartForeign starts the reader's own server by a shell command, in which
// {addr} stands for the address to listen on. It is up when it listens there,
// whether it prints anything or not.
func StartForeign(command string) (*Server, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	s, err := start(shell(command, addr.String()), true)
	if err != nil {
		return nil, err
	}
	s.Addr = addr
	return s, s.waitUntil(fmt.Sprintf("listened on %v", addr), s.isListening)
}

// StartOther starts a server of which it is certain that it writes the event log,
// by a command as StartForeign does. As Start does, it waits for the first line.
func StartOther(command string) (*Server, error) { return start(shell(command, "127.0.0.1:0"), false) }

func shell(command, addr string) *exec.Cmd {
	cmd := exec.Command("sh", "-c", "exec "+strings.ReplaceAll(command, "{addr}", addr))
	cmd.Dir = ".." // where go test was called: a lesson's tests run in the lesson
	cmd.Env = append(os.Environ(), "PYTHONUNBUFFERED=1")
	return cmd
}

// StartQuiet starts the program at path with -quiet and args, and waits until
// it listens.
func StartQuiet(path string, args ...string) (*Server, error) {
	s, err := start(exec.Command(path, append([]string{"-addr", "127.0.0.1:0", "-quiet"}, args...)...), true)
	if err != nil {
		return nil, err
	}
	return s, s.waitUntil("listened", func() (ok bool, err error) {
		s.Addr, ok, err = ListensOn(s.PID())
		return ok, err
	})
}

// keepDescriptors keeps from the servers what this process inherited: a shell or
// a build machine may leave anything open, and the servers' descriptors would
// have other numbers than in the golden files.
var keepDescriptors = sync.OnceFunc(func() {
	entries, _ := os.ReadDir("/dev/fd")
	for _, entry := range entries {
		if fd, err := strconv.Atoi(entry.Name()); err == nil && fd > 2 {
			syscall.CloseOnExec(fd)
		}
	}
})

func start(cmd *exec.Cmd, foreign bool) (*Server, error) {
	keepDescriptors()
	s := &Server{cmd: cmd, log: newLogReader(foreign), foreign: foreign, ended: make(chan struct{})}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	cmd.Stderr = &s.errors
	if err := launch(cmd); err != nil {
		return nil, err
	}
	go func() {
		s.log.read(bufio.NewReaderSize(stdout, 1<<20))
		s.endErr = cmd.Wait()
		close(s.ended)
	}()
	if foreign {
		return s, nil
	}
	first, ok := s.log.wait(func(e Event) bool { return e.Kind == ServerCreated }, s.ended, Patience)
	if !ok {
		s.Kill()
		return nil, fmt.Errorf("%s did not start: %v\n%s", cmd, s.endErr, &s.errors)
	}
	host, err := netip.ParseAddr(first.Socket.LocalHost)
	s.Addr = netip.AddrPortFrom(host, uint16(first.Socket.LocalPort))
	return s, err
}

// freeAddr returns an address that nobody listens on. Another process could
// take it before the server does; only a server that cannot choose a port
// itself is given one.
func freeAddr() (netip.AddrPort, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return netip.AddrPort{}, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).AddrPort(), nil
}

// isListening says whether the kernel lists a socket that listens on the server's
// port. Trying to connect would be simpler, but would show in the server's log
// as a client.
func (s *Server) isListening() (found bool, err error) {
	port := atPort(int(s.Addr.Port()))
	err = eachSocket(func(socket tcpSocket) bool {
		found = socket.state == listens && strings.HasSuffix(socket.local, port)
		return !found && socket.state == listens
	})
	return found, err
}

// waitUntil waits until what is to happen has happened, as has says.
func (s *Server) waitUntil(what string, has func() (bool, error)) error {
	deadline, again := time.After(Patience), time.NewTicker(10*time.Millisecond)
	defer again.Stop()
	for {
		if ok, err := has(); ok || err != nil {
			return err
		}
		select {
		case <-again.C:
		case <-s.ended:
			return fmt.Errorf("%s ended before it %s: %v\n%s", s.cmd, what, s.endErr, &s.errors)
		case <-deadline:
			s.Kill()
			return fmt.Errorf("%s has not %s", s.cmd, what)
		}
	}
}

// PID returns the process id of the server, or of the supervisor of several.
func (s *Server) PID() int { return s.cmd.Process.Pid }

// Signal sends the server a signal.
func (s *Server) Signal(signal syscall.Signal) error { return s.cmd.Process.Signal(signal) }

// Stop asks the server to stop and waits until it has. The error tells how it
// ended otherwise than with status 0, and what it said.
//
// It asks with SIGTERM: whoever is started in the background by a shell ignores
// SIGINT, and so do the programs that it starts.
func (s *Server) Stop() error {
	s.Signal(syscall.SIGTERM) // again, perhaps: then it does nothing
	if err := s.WaitEnd(); err != nil && !s.foreign {
		return err
	}
	return nil
}

// WaitEnd waits until the server has ended. The error tells how, if not with
// status 0, and what it said.
func (s *Server) WaitEnd() error {
	select {
	case <-s.ended:
	case <-time.After(Patience):
		s.Kill()
		return &Failure{Who: "server", Expected: "to end", Came: "it did not"}
	}
	if s.endErr != nil {
		return &Failure{Who: "server", Expected: "to end with status 0",
			Came: fmt.Sprintf("%v: %s", s.endErr, &s.errors)}
	}
	return nil
}

// ExitCode returns the exit status of a server that has ended.
func (s *Server) ExitCode() int { return s.cmd.ProcessState.ExitCode() }

// Errors returns what a server that has ended wrote to standard error.
func (s *Server) Errors() string { return s.errors.String() }

// Kill ends the server and its workers at once, if they have not ended, and
// waits until they have.
func (s *Server) Kill() {
	select {
	case <-s.ended:
		return
	default:
	}
	syscall.Kill(-s.PID(), syscall.SIGKILL) // its whole group
	<-s.ended
}

// Wait waits until an event that is wanted is in the log, and returns the first
// such event.
func (s *Server) Wait(wanted func(Event) bool) (Event, bool) {
	return s.waitFor(wanted, Patience)
}

func (s *Server) waitFor(wanted func(Event) bool, patience time.Duration) (Event, bool) {
	return s.log.wait(wanted, s.ended, patience)
}

// Log returns the events so far. The error tells of the first line that is not
// one of the log's.
func (s *Server) Log() ([]Event, error) { return s.log.events() }

// Logs says whether the server writes the event log. A server of the reader's
// own may print what it likes, or nothing.
func (s *Server) Logs() bool {
	events, _ := s.Log()
	return !s.foreign || len(events) > 0
}

// A logReader reads the log of a server while it runs.
type logReader struct {
	foreign bool // its lines may be anything

	mu      sync.Mutex
	seen    []Event
	err     error
	changed chan struct{} // closed and replaced with every line
}

func newLogReader(foreign bool) *logReader {
	return &logReader{foreign: foreign, changed: make(chan struct{})}
}

// read reads until the log's end.
func (l *logReader) read(lines *bufio.Reader) {
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			if line != "" {
				l.add(Event{}, fmt.Errorf("a last line without newline: %.200q", line))
			}
			return
		}
		l.add(parseLine(strings.TrimSuffix(line, "\n")))
	}
}

func (l *logReader) add(e Event, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case err == nil:
		l.seen = append(l.seen, e)
	case l.err == nil:
		l.err = err
	}
	close(l.changed)
	l.changed = make(chan struct{})
}

func (l *logReader) wait(wanted func(Event) bool, ended <-chan struct{}, patience time.Duration) (Event, bool) {
	deadline := time.After(patience)
	looked := 0
	for last := false; ; {
		l.mu.Lock()
		seen, changed := l.seen, l.changed
		l.mu.Unlock()
		for ; looked < len(seen); looked++ {
			if wanted(seen[looked]) {
				return seen[looked], true
			}
		}
		if last {
			return Event{}, false
		}
		select {
		case <-changed:
		case <-ended:
			last = true // but look once more: the last lines came before the end
		case <-deadline:
			last = true
		}
	}
}

// count returns how many lines came so far.
func (l *logReader) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.seen)
}

func (l *logReader) events() ([]Event, error) {
	seen, err := l.all()
	if l.foreign && (len(seen) == 0 || seen[0].Kind != ServerCreated) {
		return nil, nil
	}
	return seen, err
}

func (l *logReader) all() ([]Event, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.seen, l.err
}
