package worker

import (
	"bytes"
	"io"
	"slices"
	"sync"

	"example.com/echo/01-blocking/eventlog"
	"golang.org/x/sys/unix"
)

// An output is the standard output that several loops log to, or the relays of
// several processes. It never mixes two writes.
type output struct {
	to    eventlog.Output
	quiet bool
	mu    sync.Mutex
}

func newOutput(quiet bool) *output { return &output{to: eventlog.Output(unix.Stdout), quiet: quiet} }

// Write writes whole lines, and waits for as long as the reader is slow.
func (out *output) Write(lines []byte) (int, error) {
	if out.quiet {
		return len(lines), nil
	}
	out.mu.Lock()
	defer out.mu.Unlock()
	return out.to.Write(lines)
}

// chunk is how many bytes of a log are read at once, at most.
const chunk = 256 << 10

// copyLines writes the lines that come from r to out, until the end of r or an
// error, which is of reading or of writing. Without its newline a last line is
// of a writer that was killed in the middle of it, and is left out.
func copyLines(out io.Writer, r io.Reader) error {
	var lines []byte
	for {
		lines = slices.Grow(lines, chunk)
		begun := len(lines)
		n, err := r.Read(lines[begun:cap(lines)])
		lines = lines[:begun+n]
		if last := bytes.LastIndexByte(lines[begun:], '\n'); last >= 0 {
			whole := begun + last + 1
			if _, err := out.Write(lines[:whole]); err != nil {
				return err
			}
			lines = append(lines[:0], lines[whole:]...)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
