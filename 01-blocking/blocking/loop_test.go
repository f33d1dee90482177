package blocking_test

import (
	"testing"

	"example.com/echo/01-blocking/blocking"
	"example.com/echo/01-blocking/echotest/allocations"
	"example.com/echo/01-blocking/sock"
)

func TestEchoAllocatesNothing(t *testing.T) {
	allocations.EchoAllocatesNothing(t, blocking.Run, sock.Blocking)
}

func BenchmarkEcho(b *testing.B) { allocations.BenchmarkEcho(b, blocking.Run, sock.Blocking) }
