package selectloop_test

import (
	"testing"

	"example.com/echo/01-blocking/echotest/allocations"
	"example.com/echo/01-blocking/eventlog"
	"example.com/echo/01-blocking/sock"
	"example.com/echo/02-select/selectloop"
	"example.com/echo/02-select/stop"
)

func TestEchoAllocatesNothing(t *testing.T) { allocations.EchoAllocatesNothing(t, serve) }

func BenchmarkEcho(b *testing.B) { allocations.BenchmarkEcho(b, serve) }

func serve(server *sock.Socket, log *eventlog.Log) error {
	stopping, err := stop.New()
	if err != nil {
		return err
	}
	return selectloop.Run(server, log, stopping)
}
