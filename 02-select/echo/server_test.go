package echo

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/echo/01-blocking/eventlog"
	"example.com/echo/01-blocking/sock"
	"example.com/echo/02-select/stop"
	"golang.org/x/sys/unix"
)

// TestWatchFails has the loop fail to watch a descriptor, each time another
// call: one client is lost, and the others get all their bytes.
func TestWatchFails(t *testing.T) {
	t.Parallel()
	const clients = 3
	for call := 3; call <= 2+3*clients; call++ { // after the stop signal and the listening socket; each client comes, and is a writer once
		l, log := &loop{interests: map[int]Interest{}, failing: call}, &strings.Builder{}
		addr, stopAndWait := l.serve(t, log)
		var wg sync.WaitGroup
		var mu sync.Mutex
		whole := 0
		for range clients {
			conn, err := net.DialTimeout("tcp", addr, patience)
			if err != nil {
				t.Fatal(err)
			}
			conn.(*net.TCPConn).SetReadBuffer(64 << 10) // or it grows until nothing is owed
			conn.SetDeadline(time.Now().Add(patience))
			wg.Go(func() {
				defer conn.Close()
				const size = 12 << 20
				go conn.Write(bytes.Repeat([]byte("m"), size))
				l.awaitWriters(clients) // nobody reads before
				if n, _ := io.CopyN(io.Discard, conn, size); n == size {
					mu.Lock()
					whole++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		stopAndWait()
		lost := strings.Count(log.String(), "Lost client sock") - strings.Count(log.String(), "reset by peer")
		if whole != clients-1 || strings.Count(log.String(), ": "+errWatch.Error()) != 1 || lost != 1 {
			t.Errorf("call %d of watch failed: expected %d clients to get everything and one to be lost, but %d and %d did",
				call, clients-1, whole, lost)
		}
	}
}

var errWatch = errors.New("watch failed")

// A loop waits with poll, and fails once to watch a descriptor.
type loop struct {
	interests map[int]Interest
	calls     int
	failing   int // which call that is to watch something

	mu      sync.Mutex
	writers int // how many clients have been one, or lost
}

func (l *loop) watch(fd int, was, wants Interest) error {
	if l.interests[fd] != was {
		panic("what the loop was said to watch is not what it watches")
	}
	if wants != None {
		l.calls++
	}
	if wants != None && l.calls == l.failing {
		l.countWriter()
		return errWatch
	}
	if wants == Writer && was == Reader {
		l.countWriter()
	}
	l.interests[fd] = wants
	return nil
}

func (l *loop) countWriter() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.writers++
}

// awaitWriters returns when n clients have been writers, or lost.
func (l *loop) awaitWriters(n int) {
	deadline := time.Now().Add(patience)
	for tick := time.NewTicker(time.Millisecond); time.Now().Before(deadline); <-tick.C {
		l.mu.Lock()
		writers := l.writers
		l.mu.Unlock()
		if writers >= n {
			return
		}
	}
}

// serve runs the loop until stopAndWait is called.
func (l *loop) serve(t *testing.T, log io.Writer) (addr string, stopAndWait func()) {
	t.Helper()
	socket, err := sock.Listen(netip.MustParseAddrPort("127.0.0.1:0"))
	if err != nil {
		t.Fatal(err)
	}
	addr = boundTo(t, socket.FD())
	stopping, err := stop.New()
	if err != nil {
		t.Fatal(err)
	}
	events := eventlog.New(log)
	s, err := NewServer(socket, events, stopping, l.watch)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() { ended <- l.run(s) }()
	return addr, func() {
		stopping.Send()
		if err := errors.Join(<-ended, events.Flush()); err != nil {
			t.Error(err)
		}
	}
}

func (l *loop) run(s *Server) error {
	for !s.Done() {
		timeout, err := s.BeforeWait()
		if err != nil {
			return err
		}
		var list []unix.PollFd
		for fd, interest := range l.interests {
			events := map[Interest]int16{Reader: unix.POLLIN, Writer: unix.POLLOUT}[interest]
			if interest != None {
				list = append(list, unix.PollFd{Fd: int32(fd), Events: events})
			}
		}
		if _, err := unix.Poll(list, timeout); err != nil && err != unix.EINTR {
			return err
		}
		serverReady, stopReady := false, false
		for _, entry := range list {
			switch fd := int(entry.Fd); {
			case entry.Revents == 0:
			case fd == s.FD():
				serverReady = true
			case fd == s.StopFD():
				stopReady = true
			case s.IsReader(fd):
				s.Receive(fd)
			case s.IsWriter(fd):
				s.Send(fd)
			}
		}
		switch {
		case stopReady:
			err = s.Leave()
		case serverReady:
			err = s.Accept()
		}
		if err != nil {
			return err
		}
	}
	return nil
}
