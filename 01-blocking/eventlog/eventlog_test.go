package eventlog

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

const (
	server = "<socket.socket fd=3, family=2, type=1, proto=0, laddr=('127.0.0.1', 1337)>"
	peer   = "('127.0.0.1', 54778)"
	client = "<socket.socket fd=11, family=2, type=1, proto=0, laddr=('127.0.0.1', 1337), raddr=('127.0.0.1', 54778)>"
)

func logAll(l *Log) {
	l.ServerCreated(server)
	l.ClientCreated(client, peer)
	l.DataSent([]byte("it's\n"), client)
	l.ClientClosed(client)
	l.ClientLost(client, unix.ECONNRESET)
}

const allLines = "Created server sock " + server + "\n" +
	"Created client sock " + client + " with addr " + peer + "\n" +
	"Data sent b\"it's\\n\" to " + client + "\n" +
	"Closed client sock " + client + "\n" +
	"Lost client sock " + client + ": connection reset by peer\n"

func TestLines(t *testing.T) {
	t.Parallel()
	p := newPipe(t)
	log := New(p.output())
	logAll(log)
	p.wantEmpty()
	flush(t, log)
	p.close()
	if diff := cmp.Diff(allLines, p.rest()); diff != "" {
		t.Errorf("after a flush, -want +got:\n%s", diff)
	}
}

// A datagram socket keeps apart what was written apart, which a pipe does not.
func TestFlushIsOneWrite(t *testing.T) {
	t.Parallel()
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_DGRAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(pair[0]); unix.Close(pair[1]) })
	log := New(Output(pair[0]))
	buffer := make([]byte, 64<<10)

	for turn := range 3 {
		logAll(log)
		flush(t, log)
		flush(t, log) // nothing new
		n, _, err := unix.Recvfrom(pair[1], buffer, unix.MSG_DONTWAIT)
		if err != nil {
			t.Fatalf("turn %d: nothing was written: %v", turn, err)
		}
		if diff := cmp.Diff(allLines, string(buffer[:n])); diff != "" {
			t.Errorf("turn %d: the first write, -want +got:\n%s", turn, diff)
		}
		if n, _, err := unix.Recvfrom(pair[1], buffer, unix.MSG_DONTWAIT); err != unix.EAGAIN {
			t.Errorf("turn %d: a second write of %d bytes, %v; want only one", turn, n, err)
		}
	}
}

func TestQuietLogWritesNothing(t *testing.T) {
	t.Parallel()
	quiet := New(nil)
	logAll(quiet)
	quiet.DataSent(make([]byte, 2*full), client)
	if len(quiet.lines) > 0 {
		t.Errorf("a quiet log keeps %d bytes, want none", len(quiet.lines))
	}
	flush(t, quiet)
}

// A turn with many large messages must not pile them up. The log is a file
// here, which takes everything without a reader.
func TestLogWritesOutEarlyWhenItIsFull(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "log")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	log := New(Output(file.Fd()))

	const begin = "Closed client sock "
	long, short := strings.Repeat("a", full-1-len(begin+"\n")), "b"
	for _, step := range []struct{ sock, want string }{
		{long, ""},
		{short, begin + long + "\n" + begin + short + "\n"},
	} {
		log.ClientClosed(step.sock)
		got, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != step.want {
			t.Errorf("%d bytes were written before the flush, want %d", len(got), len(step.want))
		}
	}
}

// The pipe is a named one, so that a reader can come after the first has gone.
func TestBrokenPipeIsKept(t *testing.T) {
	t.Parallel()
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := unix.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	first := open(t, fifo, unix.O_RDONLY)
	out := open(t, fifo, unix.O_WRONLY)
	unix.Close(first)

	log := New(Output(out))
	logAll(log)
	err := log.Flush()
	if want := "write standard output: broken pipe"; err == nil || err.Error() != want {
		t.Fatalf("Flush without a reader: %v, want %s", err, want)
	}
	if !errors.Is(err, unix.EPIPE) {
		t.Errorf("Flush without a reader: %#v is not EPIPE", err)
	}

	second := open(t, fifo, unix.O_RDONLY)
	defer unix.Close(second)
	defer unix.Close(out)
	if again := log.Flush(); again != err {
		t.Errorf("Flush with nothing new: %v, want the first error again", again)
	}
	logAll(log)
	if again := log.Flush(); again != err {
		t.Errorf("Flush with new lines: %v, want the first error again", again)
	}
	if isReady(t, second, unix.POLLIN) {
		t.Error("something was written after the error: the log has a hole")
	}
}

func open(t *testing.T, path string, how int) int {
	t.Helper()
	fd, err := unix.Open(path, how|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	return fd
}

// Whoever started us may have made the pipe non-blocking. The reader takes a
// page whenever the pipe is full: most of the writes find no room at first.
func TestSlowReaderOfNonBlockingPipeGetsAll(t *testing.T) {
	t.Parallel()
	p := newPipe(t)
	out := p.output()
	if err := unix.SetNonblock(int(out), true); err != nil {
		t.Fatal(err)
	}
	log := New(out)
	message := bytes.Repeat([]byte("0123456789abcdef"), 64<<10)
	flushed := make(chan error)
	go func() {
		log.DataSent(message, client)
		flushed <- log.Flush()
	}()

	var got bytes.Buffer
	page := make([]byte, 4096)
	for done := false; !done; runtime.Gosched() {
		select {
		case err := <-flushed:
			if err != nil {
				t.Errorf("Flush: %v, want it to wait for the reader", err)
			}
			done = true
		default:
			if !isReady(t, int(out), unix.POLLOUT) {
				n, _ := p.r.Read(page)
				got.Write(page[:n])
			}
		}
	}
	if !isNonBlocking(t, int(out)) {
		t.Error("the pipe has become a blocking one, for everybody who shares it")
	}
	p.close()
	got.WriteString(p.rest())
	if want := fmt.Sprintf("Data sent b'%s' to %s\n", message, client); got.String() != want {
		t.Errorf("%d bytes came, want the %d bytes of the line as they are", got.Len(), len(want))
	}
}

// The descriptor is shared with the shell's other programs.
func TestOutputLeavesTheModeAlone(t *testing.T) {
	t.Parallel()
	for _, nonBlocking := range []bool{false, true} {
		p := newPipe(t)
		fd := int(p.w.Fd())
		if err := unix.SetNonblock(fd, nonBlocking); err != nil {
			t.Fatal(err)
		}
		log := New(Output(fd))
		logAll(log)
		flush(t, log)
		if got := isNonBlocking(t, fd); got != nonBlocking {
			t.Errorf("after a flush the pipe's O_NONBLOCK is %v, want %v as before", got, nonBlocking)
		}
	}
}

func isNonBlocking(t *testing.T, fd int) bool {
	t.Helper()
	flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	if err != nil {
		t.Fatal(err)
	}
	return flags&unix.O_NONBLOCK != 0
}

// Not parallel: the allocations of the whole process are counted.
func TestWarmLogDoesNotAllocate(t *testing.T) {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	log := New(Output(null.Fd()))
	message := bytes.Repeat([]byte("it's\n"), 1000)
	allocs := testing.AllocsPerRun(100, func() {
		log.DataSent(message, client)
		flush(t, log)
	})
	if allocs != 0 {
		t.Errorf("%v allocations a message, want none", allocs)
	}
}

func flush(t *testing.T, log *Log) {
	t.Helper()
	if err := log.Flush(); err != nil {
		t.Errorf("Flush: %v", err)
	}
}

// A pipe is what standard output often is.
type pipe struct {
	t    *testing.T
	r, w *os.File
}

func newPipe(t *testing.T) pipe {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(); w.Close() })
	return pipe{t, r, w}
}

func (p pipe) output() Output { return Output(p.w.Fd()) }

// close tells the reader that nothing more comes.
func (p pipe) close() { p.w.Close() }

// rest returns what is in the pipe and what comes until close.
func (p pipe) rest() string {
	text, err := io.ReadAll(p.r)
	if err != nil {
		p.t.Errorf("read the log: %v", err)
	}
	return string(text)
}

func (p pipe) wantEmpty() {
	p.t.Helper()
	if isReady(p.t, int(p.r.Fd()), unix.POLLIN) {
		p.t.Error("something was written before the flush")
	}
}

// isReady says whether fd is readable (POLLIN) or writable (POLLOUT) now.
func isReady(t *testing.T, fd int, events int16) bool {
	t.Helper()
	fds := []unix.PollFd{{Fd: int32(fd), Events: events}}
	for {
		_, err := unix.Poll(fds, 0)
		if err == nil {
			return fds[0].Revents&events != 0
		}
		if err != unix.EINTR {
			t.Fatalf("poll: %v", err)
		}
	}
}
