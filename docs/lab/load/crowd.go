//go:build linux

package load

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"
)

// A crowd is all the clients of a plan.
type crowd struct {
	plan    Plan
	server  unix.SockaddrInet4
	epoll   int
	clients []*member // by descriptor
	busy    []*member
	idle    []int // descriptors
	buffer  []byte
	pacing  *pacing // nil without a rate

	echoes   int
	stopping bool // whoever gets an echo sends nothing more
	waiting  int  // clients that wait for an echo
}

// A member is one busy client.
type member struct {
	fd      int
	message []byte // that it sends; its first bytes say whose it is, and which
	came    int    // how many bytes of it are back
	number  uint64
	place   int // in pacing
	isOut   bool
}

// sources is how many addresses the clients come from. One has 28,000 ports, and
// the kernel is quick to find one only as long as half of them are free.
const sources = 100

func newCrowd(plan Plan) (*crowd, error) {
	at, err := netip.ParseAddrPort(plan.Addr)
	if err != nil || !at.Addr().Is4() || plan.Size < 16 {
		return nil, fmt.Errorf("a plan wants an IPv4 address and messages of 16 bytes or more: %q, %d", plan.Addr, plan.Size)
	}
	c := &crowd{plan: plan, buffer: make([]byte, 64<<10), server: unix.SockaddrInet4{Port: int(at.Port()), Addr: at.Addr().As4()}}
	if c.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return nil, fmt.Errorf("epoll_create1: %w", err)
	}
	members, err := c.connectAll(plan.Idle + plan.Busy)
	if err != nil {
		return nil, err
	}
	for _, m := range members[:plan.Idle] {
		c.idle = append(c.idle, m.fd)
	}
	c.busy = members[plan.Idle:]
	for _, m := range c.busy {
		if err := c.watch(m); err != nil {
			return nil, err
		}
	}
	if plan.Rate > 0 {
		c.pacing = newPacing(plan.Rate, c.busy)
	}
	return c, nil
}

// batch is how many clients connect, and send, before the first echo is awaited.
// A server that looks at all clients for each event has much less to do then.
const batch = 200

// connectAll makes n clients, and waits until a first message of each is back,
// for at most ten seconds: so the server has accepted them, and serves them.
func (c *crowd) connectAll(n int) ([]*member, error) {
	var members []*member
	together := batch
	if c.plan.OneByOne {
		together = 1
	}
	for len(members) < n {
		first := len(members)
		for i := first; i < min(first+together, n); i++ {
			m, err := c.connect(i)
			if err != nil {
				return nil, fmt.Errorf("client %d of %d: %w", i+1, n, err)
			}
			members = append(members, m)
		}
		for _, m := range members[first:] {
			if err := c.awaitEcho(m); err != nil {
				return nil, err
			}
		}
	}
	return members, nil
}

// connect makes the i-th client, which sends its first message.
func (c *crowd) connect(i int) (*member, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("socket: %w", err)
	}
	m := &member{fd: fd, message: make([]byte, c.plan.Size)}
	for j := range m.message {
		m.message[j] = byte('a' + (i+j)%26)
	}
	binary.LittleEndian.PutUint64(m.message, uint64(i))
	patience := unix.Timeval{Sec: 10}
	unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_BIND_ADDRESS_NO_PORT, 1)
	unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &patience)
	unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	from := unix.SockaddrInet4{Addr: [4]byte{127, 0, 1, byte(1 + i%sources)}}
	if err := unix.Bind(fd, &from); err != nil {
		return nil, fmt.Errorf("bind: %w", err)
	}
	if err := unix.Connect(fd, &c.server); err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	if _, err := unix.Write(fd, m.message); err != nil {
		return nil, fmt.Errorf("write: %w", err)
	}
	return m, nil
}

// awaitEcho waits until the member's first message is back.
func (c *crowd) awaitEcho(m *member) error {
	for m.came = 0; m.came < len(m.message); {
		n, err := unix.Read(m.fd, c.buffer[:len(m.message)-m.came])
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return fmt.Errorf("read of the first echo: %w", err)
		}
		if err := m.compare(c.buffer[:n]); err != nil {
			return err
		}
	}
	return nil
}

// compare holds what came against what was sent, from m.came on.
func (m *member) compare(data []byte) error {
	switch {
	case len(data) == 0:
		return fmt.Errorf("the server closed a connection")
	case len(data) > len(m.message)-m.came || !bytes.Equal(data, m.message[m.came:m.came+len(data)]):
		return fmt.Errorf("other bytes came back than were sent: %q instead of %q", data, m.message[m.came:])
	}
	m.came += len(data)
	return nil
}

func (c *crowd) watch(m *member) error {
	if err := unix.SetNonblock(m.fd, true); err != nil {
		return err
	}
	for m.fd >= len(c.clients) {
		c.clients = append(c.clients, nil)
	}
	c.clients[m.fd] = m
	return unix.EpollCtl(c.epoll, unix.EPOLL_CTL_ADD, m.fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(m.fd)})
}

func (c *crowd) close() {
	for _, m := range c.busy {
		unix.Close(m.fd)
	}
	for _, fd := range c.idle {
		unix.Close(fd)
	}
	unix.Close(c.epoll)
}

// run warms up, measures, and waits until the last message is back.
func (c *crowd) run(server []int) (Result, error) {
	c.stopping = false
	if c.pacing != nil {
		c.pacing.begin()
	}
	if c.plan.Warm > 0 {
		if err := c.turns(0, c.plan.Warm); err != nil {
			return Result{}, err
		}
	}
	if c.pacing != nil {
		c.pacing.forget()
	}
	before, load, since, echoes := processorTimes(server), ownTime(), time.Now(), c.echoes
	if err := c.turns(c.plan.Echoes, c.plan.Measure); err != nil {
		return Result{}, err
	}
	elapsed, after := time.Since(since), processorTimes(server)
	r := Result{Echoes: c.echoes - echoes, Elapsed: elapsed, Server: after - before, Load: ownTime() - load}
	if c.pacing != nil {
		r.Latency = c.pacing.percentiles()
	}
	c.stopping = true
	return r, c.turns(0, 10*time.Second)
}
