package pollloop_test

import (
	"testing"

	"example.com/echo/01-blocking/echotest/allocations"
	"example.com/echo/01-blocking/sock"
	"example.com/echo/03-poll/pollloop"
)

func TestEchoAllocatesNothing(t *testing.T) {
	allocations.EchoAllocatesNothing(t, pollloop.Run, sock.NonBlocking)
}

func BenchmarkEcho(b *testing.B) { allocations.BenchmarkEcho(b, pollloop.Run, sock.NonBlocking) }
