//go:build !linux

package blocking

import "os"

// A thread has no number here.
type thread struct{}

func currentThread() thread { return thread{} }

// lookAgain ends the accept that waits. A client that comes in this very moment
// is lost: only on Linux can a certain thread be interrupted. Processes that
// share the server socket would lose it too, so one of them simply ends.
func (l *loop) lookAgain() {
	if l.server.Inherited() {
		os.Exit(0)
	}
	l.server.ShutdownRead()
}
