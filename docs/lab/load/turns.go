//go:build linux

package load

import (
	"encoding/binary"
	"fmt"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// turns has the clients send and receive until there were so many echoes more,
// or so much time has passed; when they are stopping, until nobody waits. Zero
// echoes are no limit.
func (c *crowd) turns(echoes int, limit time.Duration) error {
	if c.pacing == nil && !c.stopping {
		for _, m := range c.busy {
			if err := c.send(m); err != nil {
				return err
			}
		}
	}
	end, goal := time.Now().Add(limit), c.echoes+echoes
	var events [256]unix.EpollEvent
	for c.goesOn(echoes, goal, limit, end) {
		if err := c.sendDue(); err != nil {
			return err
		}
		n, err := c.wait(events[:])
		if err != nil {
			return err
		}
		for _, event := range events[:n] {
			if err := c.receive(c.clients[event.Fd]); err != nil {
				return err
			}
		}
	}
	if c.stopping && c.waiting > 0 {
		return fmt.Errorf("%d messages did not come back in %v", c.waiting, limit)
	}
	return nil
}

func (c *crowd) goesOn(echoes, goal int, limit time.Duration, end time.Time) bool {
	switch {
	case c.stopping && c.waiting == 0:
		return false
	case echoes > 0 && c.echoes >= goal:
		return false
	}
	return limit == 0 || time.Now().Before(end)
}

// wait is epoll_wait. It is a raw system call, as the others here: this process
// has nothing else to do meanwhile, and the scheduler's bookkeeping would make
// the clients the slower side.
func (c *crowd) wait(events []unix.EpollEvent) (int, error) {
	timeout := uintptr(100)
	if c.pacing != nil {
		timeout = 0 // milliseconds are too coarse to send at even distances
	}
	n, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(c.epoll), uintptr(unsafe.Pointer(&events[0])), uintptr(len(events)), timeout, 0, 0)
	switch errno {
	case 0:
		return int(n), nil
	case unix.EINTR:
		return 0, nil
	}
	return 0, fmt.Errorf("epoll_pwait: %w", errno)
}

// send sends the member's next message.
func (c *crowd) send(m *member) error {
	if m.isOut {
		return nil
	}
	m.number++
	m.came = 0
	binary.LittleEndian.PutUint64(m.message[8:], m.number)
	n, _, errno := unix.RawSyscall(unix.SYS_WRITE, uintptr(m.fd), uintptr(unsafe.Pointer(&m.message[0])), uintptr(len(m.message)))
	if errno != 0 || int(n) < len(m.message) {
		return fmt.Errorf("write took %d of %d bytes: %w", int(n), len(m.message), errno)
	}
	m.isOut = true
	c.waiting++
	return nil
}

// receive reads what came for the member. With the last of its message it sends
// the next, if that is due.
func (c *crowd) receive(m *member) error {
	n, _, errno := unix.RawSyscall(unix.SYS_READ, uintptr(m.fd), uintptr(unsafe.Pointer(&c.buffer[0])), uintptr(len(c.buffer)))
	switch errno {
	case 0:
	case unix.EAGAIN, unix.EINTR:
		return nil
	default:
		return fmt.Errorf("read: %w", errno)
	}
	if err := m.compare(c.buffer[:n]); err != nil {
		return err
	}
	if m.came < len(m.message) {
		return nil
	}
	m.isOut = false
	c.waiting--
	c.echoes++
	switch {
	case c.pacing != nil:
		c.pacing.note(m, time.Now())
	case !c.stopping:
		return c.send(m)
	}
	return nil
}
