//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// hunger takes the descriptors from the server and gives them back, so many
// times.
func hunger(t *trial, ctx context.Context, episodes int) (string, error) {
	const old, young = 4, 4
	// A worker that is still starting opens descriptors that are no client's.
	before := settled(ctx, t.server, 50*time.Millisecond).ticks
	var clients []*client
	for i := range old {
		c, err := t.connect(ctx, i, t.random(i))
		if err != nil {
			return "", err
		}
		defer c.Close()
		if err := c.exchange(maxMessage); err != nil {
			return "", err
		}
		clients = append(clients, c)
	}
	for range episodes {
		if err := t.episode(ctx, clients, young); err != nil {
			return "", err
		}
	}
	for _, c := range clients {
		if err := c.leave(); err != nil {
			return "", err
		}
	}
	used := time.Duration(measure(t.server).ticks-before) * 10 * time.Millisecond
	return fmt.Sprintf("%d episodes, %v of processor time in them", episodes, used), nil
}

// episode leaves the server no descriptor, has new clients come, sees that the
// old ones are served all the same, and that the new ones are when there are
// descriptors again.
func (t *trial) episode(ctx context.Context, old []*client, young int) error {
	restore, err := t.takeDescriptors()
	defer restore()
	if err != nil {
		return err
	}
	hungry := measure(t.server).descriptors
	var waiting []*client
	for i := range young {
		c, err := t.connect(ctx, len(old)+i, old[0].random)
		if err != nil {
			return err
		}
		defer c.Close()
		if err := c.send(100); err != nil {
			return err
		}
		waiting = append(waiting, c)
	}
	for range 10 { // 100 ms: long enough to see a server that spins
		for _, c := range old {
			if err := c.exchange(maxMessage); err != nil {
				return fmt.Errorf("an old client, while there are no descriptors: %w", err)
			}
		}
		if err := wait(ctx, 10*time.Millisecond); err != nil {
			return err
		}
	}
	if now := measure(t.server).descriptors; now != hungry {
		return fmt.Errorf("%d descriptors were open when there was none left, and then %d", hungry, now)
	}
	restore()
	for _, c := range waiting {
		if err := c.expect(); err != nil {
			return fmt.Errorf("a new client, when there are descriptors again: %w", err)
		}
		if err := c.leave(); err != nil {
			return err
		}
	}
	return nil
}

// takeDescriptors lowers the limit of every process that serves to its first
// free descriptor. The function that it returns undoes that.
func (t *trial) takeDescriptors() (restore func(), err error) {
	pids := t.server.Processes()
	if len(pids) > 1 {
		pids = pids[1:] // the supervisor serves nobody
	}
	before := map[int]unix.Rlimit{}
	restore = func() {
		for pid, limit := range before {
			unix.Prlimit(pid, unix.RLIMIT_NOFILE, &limit, nil)
		}
	}
	for _, pid := range pids {
		var limit unix.Rlimit
		if err := unix.Prlimit(pid, unix.RLIMIT_NOFILE, nil, &limit); err != nil {
			return restore, err
		}
		before[pid] = limit
		free := 0
		for exists(fmt.Sprintf("/proc/%d/fd/%d", pid, free)) {
			free++
		}
		limit.Cur = uint64(free)
		if err := unix.Prlimit(pid, unix.RLIMIT_NOFILE, &limit, nil); err != nil {
			return restore, err
		}
	}
	return restore, nil
}

func exists(path string) bool {
	_, err := os.Readlink(path)
	return err == nil
}
