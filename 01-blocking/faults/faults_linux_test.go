package faults

import (
	"testing"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/faults"
)

func TestAcceptFails(t *testing.T) {
	t.Parallel()
	faults.AcceptFails(t, "ECONNABORTED", "EPROTO", "ENETDOWN", "EPERM", "EMFILE", "ENFILE", "ENOBUFS")
}

func TestRestartAtOnce(t *testing.T) { t.Parallel(); faults.RestartAtOnce(t) }

func TestIPv6(t *testing.T) { t.Parallel(); faults.IPv6(t, echotest.Lesson{}) }

func TestNoIPv6(t *testing.T) { t.Parallel(); faults.NoIPv6(t) }

func TestStandardOutput(t *testing.T) { t.Parallel(); faults.StandardOutput(t) }

func TestCollected(t *testing.T) { t.Parallel(); faults.Collected(t) }

func TestOutOfDescriptors(t *testing.T) { t.Parallel(); faults.OutOfDescriptorsInTurn(t) }

func TestVanishedPeer(t *testing.T) { t.Parallel(); faults.VanishedPeer(t) }
