//go:build linux

package main

import (
	"path"
	"slices"
	"strings"

	"example.com/echo/docs/recording"
)

// isKept reports whether a call belongs into a recording: one of this project's
// code, not of Go's runtime. What Go's library does on behalf of this code is
// kept as far as it is about the things that the code handles.
func isKept(c *recording.Call, l *line, frames []recording.Frame) bool {
	switch {
	case c.What == poller:
		return false
	case c.Name == "epoll_create1", c.Name == "eventfd2": // Go's poller has descriptors too
		return true
	}
	outer := slices.IndexFunc(frames, isOurs)
	if outer < 0 || passes(frames, "worker.copyLines") {
		return false // copyLines passes on what the workers log
	}
	if passes(frames, "syscall.forkExec") { // with a pipe of its own
		return c.Name == "clone" && !passes(frames, "os.checkClonePidfd")
	}
	isLibrarys := slices.ContainsFunc(frames[:outer], func(f recording.Frame) bool {
		return strings.HasPrefix(f.Function, "os.") || strings.HasPrefix(f.Function, "internal/poll.")
	})
	switch {
	case c.Name == "clone": // of a thread
		return false
	case c.Name == "waitid":
		return c.Error == "" && !passes(frames, "os.checkClonePidfd")
	case c.Name == "fcntl":
		return !isLibrarys
	}
	return !isLibrarys || c.Name == "pipe2" || c.What != ""
}

// passes reports whether a function is among the frames.
func passes(frames []recording.Frame, function string) bool {
	return slices.ContainsFunc(frames, func(f recording.Frame) bool { return path.Base(f.Function) == path.Base(function) })
}

// row returns who made a call: the process's loop, or another goroutine of it,
// which began in another function than main.
func row(process string, stack []recording.Frame) string {
	if len(stack) == 0 {
		return process
	}
	switch root := stack[len(stack)-1].Function; {
	case root == "main.main":
		return process
	case strings.HasPrefix(root, "stop.OnSignals"), strings.HasPrefix(root, "program.(*Program).endAtSignal"):
		return process + ": signals"
	case root == "worker.obey", strings.HasPrefix(root, "worker.serve"):
		return process + ": lifeline"
	default: // in worker.(*supervisor).relay.func1, relay
		name := root[strings.LastIndex(root, ")")+1:]
		return process + ": " + strings.Split(name, ".")[1]
	}
}
