package faults

import (
	"syscall"
	"testing"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/procfs"
)

// StandardOutput tests that the lesson's program leaves the
// flags of its standard output alone, which others may share.
func StandardOutput(t *testing.T, args ...string) {
	echotest.Play(t, func(st *echotest.Stage) {
		st.Client("alice").Echo("hello")
		if flags := procfs.DescriptorFlags(st.Server.PID(), 1); flags&syscall.O_NONBLOCK != 0 {
			t.Errorf("expected standard output to be blocking, as it was, but its flags are %#o", flags)
		}
	}, args...)
}

// Collected tests that what the lesson's program has open
// outlives the garbage collector, which runs all the time.
func Collected(t *testing.T, args ...string) {
	playUnder(t, []string{"env", "GOGC=1"}, echotest.Program(t), func(st *echotest.Stage) {
		for range 500 { // so many that it runs a few times
			c := st.Client("one of many")
			c.Echo("hello")
			c.Leave()
		}
	}, args...)
}
