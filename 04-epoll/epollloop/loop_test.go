//go:build linux

package epollloop_test

import (
	"testing"

	"example.com/echo/01-blocking/echotest/allocations"
	"example.com/echo/01-blocking/sock"
	"example.com/echo/04-epoll/epollloop"
)

func TestEchoAllocatesNothing(t *testing.T) {
	allocations.EchoAllocatesNothing(t, epollloop.Run, sock.NonBlocking)
}

func BenchmarkEcho(b *testing.B) { allocations.BenchmarkEcho(b, epollloop.Run, sock.NonBlocking) }
