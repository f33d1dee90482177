package echotest

import (
	"fmt"
	"strings"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// A transcript is what the clients did and got, a line each, in that order. Of a
// long one only the end is kept: what came before has worked.
type transcript struct {
	mu    sync.Mutex
	lines []string
	lost  int // lines before these
}

// maxLines is how many lines of a transcript are kept at most, and half of it at
// least.
const maxLines = 40

func (tr *transcript) add(line string) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	if len(tr.lines) == maxLines {
		tr.lines = append(tr.lines[:0], tr.lines[maxLines/2:]...)
		tr.lost += maxLines / 2
	}
	tr.lines = append(tr.lines, line)
}

// Transcript returns what the clients have done and got so far, a line each: the
// last lines, if there are many.
func (st *Stage) Transcript() string {
	tr := &st.transcript
	tr.mu.Lock()
	defer tr.mu.Unlock()
	var b strings.Builder
	if tr.lost > 0 {
		fmt.Fprintf(&b, "(%d lines before)\n", tr.lost)
	}
	for _, line := range tr.lines {
		b.WriteString(line + "\n")
	}
	return b.String()
}

// Signal sends the server a signal.
func (st *Stage) Signal(signal syscall.Signal) {
	st.transcript.add("the server gets " + unix.SignalName(signal))
	st.Server.Signal(signal)
}

// note adds to the transcript what c does or gets.
func (c *Client) note(does string) { c.stage.transcript.add(c.Name + " " + does) }
