package blocking_test

import (
	"testing"

	"example.com/echo/01-blocking/blocking"
	"example.com/echo/01-blocking/echotest"
)

func TestEchoAllocatesNothing(t *testing.T) { echotest.EchoAllocatesNothing(t, blocking.Run) }

func BenchmarkEcho(b *testing.B) { echotest.BenchmarkEcho(b, blocking.Run) }
