package main

import (
	"testing"

	"example.com/echo/01-blocking/echotest"
)

func TestAcceptFails(t *testing.T) {
	t.Parallel()
	echotest.AcceptFails(t, "ECONNABORTED", "EPROTO", "ENETDOWN", "EPERM", "EMFILE", "ENFILE", "ENOBUFS")
}

func TestRestartAtOnce(t *testing.T) { t.Parallel(); echotest.RestartAtOnce(t) }

func TestStuckClients(t *testing.T) { t.Parallel(); echotest.StuckClients(t) }

func TestIPv6(t *testing.T) { t.Parallel(); echotest.IPv6(t, echotest.Lesson{}) }

func TestNoIPv6(t *testing.T) { t.Parallel(); echotest.NoIPv6(t) }

func TestStandardOutput(t *testing.T) { t.Parallel(); echotest.StandardOutput(t) }

func TestCollected(t *testing.T) { t.Parallel(); echotest.Collected(t) }

func TestOutOfDescriptors(t *testing.T) { t.Parallel(); echotest.OutOfDescriptors(t) }

func TestStopWithUnreadInput(t *testing.T) { t.Parallel(); echotest.StopWithUnreadInput(t) }

func TestFair(t *testing.T) { t.Parallel(); echotest.Fair(t) }

func TestFalseReadiness(t *testing.T) {
	t.Parallel()
	echotest.FalseReadiness(t, "read:error=EAGAIN:when=1+2")
}

func TestVanishedPeer(t *testing.T) { t.Parallel(); echotest.VanishedPeer(t) }
