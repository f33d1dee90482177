//go:build amd64 || arm64

package waits

import (
	"fmt"
	"os"
	"strconv"
)

// Of returns what the threads of the process pid wait in, the main thread first.
// It leaves out threads that run or wait for another thread, and those in which
// Go's runtime waits for itself.
//
// The error says why nothing is known: the process has ended, this one may not
// look at it, or it is a Go program without debug information.
func Of(pid int) ([]Wait, error) {
	p, err := open(pid)
	if err != nil {
		return nil, fmt.Errorf("process %d: %w", pid, err)
	}
	defer p.memory.Close()
	var waits []Wait
	for _, tid := range p.threads() {
		call, ok := p.blocked(tid)
		if !ok {
			continue
		}
		wait, ok := p.wait(call)
		// If the thread is in another call by now, the stack may be that one's.
		if again, _ := p.blocked(tid); ok && again == call {
			waits = append(waits, wait)
		}
	}
	return waits, nil
}

// threads returns the numbers of the threads, that of the main one first.
func (p *process) threads() []int {
	tids := []int{p.pid}
	entries, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", p.pid))
	for _, entry := range entries {
		if tid, err := strconv.Atoi(entry.Name()); err == nil && tid != p.pid {
			tids = append(tids, tid)
		}
	}
	return tids
}

// A systemCall is one that a thread is blocked in.
type systemCall struct {
	number    int
	arguments [6]uint64
	sp, pc    uint64
}

// blocked returns what a thread is blocked in, and false if it runs.
func (p *process) blocked(tid int) (c systemCall, ok bool) {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/syscall", p.pid, tid))
	a := &c.arguments
	_, err := fmt.Sscan(string(text), &c.number, &a[0], &a[1], &a[2], &a[3], &a[4], &a[5], &c.sp, &c.pc)
	return c, err == nil
}

// wait returns what is known about c, and false if it is none of the program's.
func (p *process) wait(c systemCall) (w Wait, ok bool) {
	if name, ok := aboutDescriptor[c.number]; ok {
		w = Wait{Call: name, FD: int(int32(c.arguments[0]))}
	} else if name, ok := aboutNone[c.number]; ok {
		w = Wait{Call: name, FD: -1}
	} else {
		return w, false
	}
	if !p.isGo() {
		return w, true
	}
	stack := p.stack(c.sp)
	for _, pc := range stack {
		w.Frames = append(w.Frames, p.place(pc).frames...)
	}
	// Programs make system calls through package syscall, Go's runtime does not.
	return w, len(stack) > 0 && p.place(stack[0]).pkg == "syscall"
}
