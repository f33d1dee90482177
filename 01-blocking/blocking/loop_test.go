package blocking_test

import (
	"testing"

	"example.com/echo/01-blocking/blocking"
	"example.com/echo/01-blocking/echotest/allocations"
)

func TestEchoAllocatesNothing(t *testing.T) { allocations.EchoAllocatesNothing(t, blocking.Run) }

func BenchmarkEcho(b *testing.B) { allocations.BenchmarkEcho(b, blocking.Run) }
