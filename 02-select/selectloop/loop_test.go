package selectloop_test

import (
	"testing"

	"example.com/echo/01-blocking/echotest/allocations"
	"example.com/echo/01-blocking/sock"
	"example.com/echo/02-select/selectloop"
)

func TestEchoAllocatesNothing(t *testing.T) {
	allocations.EchoAllocatesNothing(t, selectloop.Run, sock.NonBlocking)
}

func BenchmarkEcho(b *testing.B) { allocations.BenchmarkEcho(b, selectloop.Run, sock.NonBlocking) }
