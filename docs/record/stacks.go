//go:build linux

package main

import (
	"errors"
	"fmt"
	"strings"

	"example.com/echo/docs/recording"
)

// errNoStack says that strace has not printed the stack of a call, which it
// sometimes fails to find while another thread ends the process.
var errNoStack = errors.New("strace found no stack")

// stack returns all frames of a call, innermost first. If it has not returned,
// they are what was found in the process's memory before it was killed.
func (a *assembly) stack(p *process, c *recording.Call, l *line) []recording.Frame {
	if l.end == 0 {
		return a.complete(a.player.server.blocked(p.pid, c))
	}
	return a.complete(a.printed(l))
}

// printed returns the frames that strace has printed.
func (a *assembly) printed(l *line) (frames []recording.Frame) {
	for _, address := range l.addresses {
		if f := a.symbols.frame(address); f.Function != "" {
			frames = append(frames, f)
		}
	}
	return frames
}

// isWhole reports whether frames reach to where the goroutine began. strace does
// not get past a function with a very large frame, which lesson 1's loop is: its
// buffer of 64 KiB is on the stack.
func isWhole(frames []recording.Frame) bool {
	return len(frames) > 0 && strings.HasPrefix(frames[len(frames)-1].Function, "runtime.")
}

// findCallers notes who calls each function of this project, for stacks that are
// not whole.
func (a *assembly) findCallers(lines []*line) error {
	note := func(frames []recording.Frame) {
		for i := range len(frames) - 1 {
			if isOurs(frames[i]) && isOurs(frames[i+1]) {
				a.callers[frames[i].Function] = frames[i+1]
			}
		}
	}
	for _, l := range lines {
		if l.end > 0 && !l.isExit && len(l.addresses) == 0 && a.byThread[l.tid] != nil {
			return fmt.Errorf("%w of %s", errNoStack, l.call)
		}
		if frames := a.printed(l); isWhole(frames) {
			note(frames)
		}
	}
	for pid := range a.player.server.waits {
		for _, frames := range a.player.server.stacks(pid) {
			note(frames)
		}
	}
	return nil
}

// complete adds the outer frames that are missing.
func (a *assembly) complete(frames []recording.Frame) []recording.Frame {
	for len(frames) > 0 && !isWhole(frames) {
		caller, ok := a.callers[frames[len(frames)-1].Function]
		if !ok {
			break
		}
		frames = append(frames, caller)
	}
	return frames
}

// intern returns the index of a stack in the recording.
func (a *assembly) intern(frames []recording.Frame) int {
	stack := []int{}
	for _, f := range frames {
		at, ok := a.frames[f]
		if !ok {
			at = len(a.Frames)
			a.frames[f] = at
			a.Frames = append(a.Frames, f)
		}
		stack = append(stack, at)
	}
	key := fmt.Sprint(stack)
	at, ok := a.stacks[key]
	if !ok {
		at = len(a.Stacks)
		a.stacks[key] = at
		a.Stacks = append(a.Stacks, stack)
	}
	return at
}
