package blocking_test

import (
	"testing"

	"example.com/echo/01-blocking/blocking"
	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/sock"
)

func TestEchoAllocatesNothing(t *testing.T) {
	echotest.EchoAllocatesNothing(t, blocking.Run, sock.Blocking)
}

func BenchmarkEcho(b *testing.B) { echotest.BenchmarkEcho(b, blocking.Run, sock.Blocking) }
