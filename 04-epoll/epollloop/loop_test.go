//go:build linux

package epollloop_test

import (
	"testing"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/sock"
	"example.com/echo/04-epoll/epollloop"
)

func TestEchoAllocatesNothing(t *testing.T) {
	echotest.EchoAllocatesNothing(t, epollloop.Run, sock.NonBlocking)
}

func BenchmarkEcho(b *testing.B) { echotest.BenchmarkEcho(b, epollloop.Run, sock.NonBlocking) }
