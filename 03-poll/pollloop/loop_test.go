package pollloop_test

import (
	"testing"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/sock"
	"example.com/echo/03-poll/pollloop"
)

func TestEchoAllocatesNothing(t *testing.T) {
	echotest.EchoAllocatesNothing(t, pollloop.Run, sock.NonBlocking)
}

func BenchmarkEcho(b *testing.B) { echotest.BenchmarkEcho(b, pollloop.Run, sock.NonBlocking) }
