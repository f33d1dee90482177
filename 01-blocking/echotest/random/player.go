package random

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"time"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/server"
	"example.com/echo/01-blocking/echotest/stream"
)

// A player is a client of a game. One goroutine sends what it is told to, in
// order; another reads, unless the player has stalled, and compares what comes.
type player struct {
	name string
	addr netip.AddrPort // its own; no other player has it
	seed [2]uint64      // of its stream

	conn    *net.TCPConn
	both    sync.WaitGroup // its goroutines
	excused bool           // the log need not tell all of it

	mu       sync.Mutex
	changed  *sync.Cond
	queue    []int // sizes of the messages that are not sent yet
	asked    int   // bytes that it was told to send
	closing  bool  // after the queue it half-closes
	stalled  bool
	received int
	inOrder  bool // everything came back, and then the end of the stream
	ended    bool // nothing more will come
	gone     bool // it has closed
	lost     bool // its worker is killed
	err      error
}

func newPlayer(number int, conn *net.TCPConn, seed uint64) *player {
	p := &player{
		name: fmt.Sprintf("client-%d", number),
		conn: conn,
		seed: [2]uint64{seed, uint64(number)},
	}
	addr := conn.LocalAddr().(*net.TCPAddr).AddrPort()
	p.addr = netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port())
	p.changed = sync.NewCond(&p.mu)
	p.both.Go(p.writeAll)
	p.both.Go(p.readAll)
	return p
}

// newStream returns the bytes that the player sends: its own, and no other's.
func (p *player) newStream() *noise {
	return &noise{random: rand.NewPCG(p.seed[0], p.seed[1]), text: p.seed[1]%8 != 0}
}

// noise is an endless stream of random bytes, of all values or, because that
// makes the log four times shorter, of 64 printable ones.
type noise struct {
	random *rand.PCG
	text   bool
	bits   uint64
	left   int // bytes in bits
}

func (n *noise) fill(b []byte) {
	for i := range b {
		if n.left == 0 {
			n.bits, n.left = n.random.Uint64(), 8
		}
		b[i] = byte(n.bits)
		if n.text {
			b[i] = '0' + b[i]&63
		}
		n.bits >>= 8
		n.left--
	}
}

// update changes the player and tells its goroutines.
func (p *player) update(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
	p.changed.Broadcast()
}

func (p *player) send(size int) {
	p.update(func() {
		p.queue = append(p.queue, size)
		p.asked += size
	})
}

func (p *player) halfClose() { p.update(func() { p.closing = true }) }

func (p *player) setStalled(stalled bool) { p.update(func() { p.stalled = stalled && !p.lost }) }

// lose notes that its connection is about to be lost; it reads until it is.
func (p *player) lose() { p.update(func() { p.lost, p.stalled = true, false }) }

// end closes the connection, with a reset or without, and waits for the
// goroutines.
func (p *player) end(reset bool) {
	p.update(func() { p.gone = true })
	if reset {
		p.conn.SetLinger(0)
	}
	p.conn.Close()
	p.both.Wait()
}

func (p *player) error() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

func (p *player) hasEnded() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ended || p.gone
}

// wait waits until something is so, which is asked with the player locked.
func (p *player) wait(expected string, isSo func() bool) error {
	late := false
	timer := time.AfterFunc(server.Patience, func() { p.update(func() { late = true }) })
	defer timer.Stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	for !isSo() && p.err == nil {
		if late {
			return p.failure(expected, "nothing more came")
		}
		p.changed.Wait()
	}
	return p.err
}

// failure is to be called with the player locked.
func (p *player) failure(expected, came string) error {
	return fmt.Errorf("%s expected %s, but %s; of %d bytes that it was to send it has %d back",
		p.name, expected, came, p.asked, p.received)
}

// fail notes what went wrong, unless that is as it should be.
func (p *player) fail(expected, came string) {
	p.update(func() {
		if p.err == nil && !p.gone && !p.lost {
			p.err = p.failure(expected, came)
		}
	})
}

func (p *player) writeAll() {
	stream := p.newStream()
	for {
		size, more := p.nextSize()
		if !more {
			return
		}
		if size == 0 {
			if err := p.conn.CloseWrite(); err != nil {
				p.fail("to half-close", echotest.Reason(err))
			}
			return
		}
		message := make([]byte, size)
		stream.fill(message)
		if _, err := p.conn.Write(message); err != nil {
			p.fail("to send a message", echotest.Reason(err))
			return
		}
	}
}

// nextSize waits for the next message's size; 0 is a half-close.
func (p *player) nextSize() (size int, more bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.queue) == 0 && !p.closing && !p.gone && !p.lost {
		p.changed.Wait()
	}
	if p.gone || p.lost {
		return 0, false
	}
	if len(p.queue) > 0 {
		size, p.queue = p.queue[0], p.queue[1:]
	}
	return size, true
}

func (p *player) readAll() {
	defer p.update(func() { p.ended = true })
	expected, at := p.newStream(), 0
	came, want := make([]byte, 64<<10), make([]byte, 64<<10)
	for p.mayRead() {
		n, err := p.conn.Read(came)
		expected.fill(want[:n])
		if i := stream.FirstDifference(came[:n], want[:n]); i >= 0 {
			p.update(func() { p.lost = false }) // no excuse for that
			p.fail(fmt.Sprintf("byte %d of its stream to be %#02x", at+i, want[i]), fmt.Sprintf("%#02x came", came[i]))
			return
		}
		at += n
		p.update(func() { p.received = at })
		if err != nil {
			p.checkEnd(err)
			return
		}
	}
}

// mayRead waits while the player is stalled.
func (p *player) mayRead() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.stalled && !p.gone {
		p.changed.Wait()
	}
	return !p.gone
}

// checkEnd judges the end of the stream: it is right when the player has
// half-closed and has everything back.
func (p *player) checkEnd(err error) {
	p.mu.Lock()
	p.inOrder = errors.Is(err, io.EOF) && p.closing && p.received == p.asked
	inOrder, closing := p.inOrder, p.closing
	p.mu.Unlock()
	switch {
	case inOrder:
	case closing:
		p.fail("everything back before the end of the stream", echotest.Reason(err))
	default:
		p.fail("to stay connected", echotest.Reason(err))
	}
}
