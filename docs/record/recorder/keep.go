//go:build linux

package recorder

import (
	"path"
	"slices"
	"strings"

	"example.com/echo/docs/recording"
)

// rows are the functions that goroutines of this project begin in, and how the
// rows of their calls are called, after the process's name. Others are left
// out: the supervisor's goroutines that wait for its children, or pass on logs.
var rows = map[string]string{
	"main.main":                            "",
	"program.(*Program).endAtSignal.func1": ": signals",
	"stop.OnSignals.func1":                 ": signals",
	"worker.obey":                          ": lifeline",
}

// row returns which row a call belongs to, and false if it belongs into no
// recording: the calls are kept that this project's code makes, not those of
// Go's runtime. What Go's library does on behalf of this code is kept as far as
// it is about the descriptors that the code handles.
func row(p *process, c *recording.Call, frames []recording.Frame) (name string, isKept bool) {
	if c.What == poller || c.Name == "clone" { // of a thread, by Go's runtime
		return "", false
	}
	if c.Name == "epoll_create1" || c.Name == "eventfd2" { // Go's poller has descriptors too
		return p.name, true
	}
	inner := slices.IndexFunc(frames, isOurs)
	if inner < 0 || passes(frames, "worker.start") { // which starts a process, with Go's library
		return "", false
	}
	isLibrarys := slices.ContainsFunc(frames[:inner], func(f recording.Frame) bool {
		return strings.HasPrefix(f.Function, "os.") || strings.HasPrefix(f.Function, "internal/poll.")
	})
	if isLibrarys && (c.Name == "fcntl" || c.What == "" && c.Name != "pipe2") {
		return "", false
	}
	for _, f := range frames {
		if name, ok := rows[path.Base(f.Function)]; ok && isOurs(f) {
			return p.name + name, true
		}
	}
	return "", false
}

// passes reports whether a function is among the frames.
func passes(frames []recording.Frame, function string) bool {
	return slices.ContainsFunc(frames, func(f recording.Frame) bool { return path.Base(f.Function) == function })
}
