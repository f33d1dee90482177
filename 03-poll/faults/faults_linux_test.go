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

func TestStuckClients(t *testing.T) { t.Parallel(); faults.StuckClients(t) }

func TestIPv6(t *testing.T) { t.Parallel(); faults.IPv6(t, echotest.Lesson{}) }

func TestNoIPv6(t *testing.T) { t.Parallel(); faults.NoIPv6(t) }

func TestStandardOutput(t *testing.T) { t.Parallel(); faults.StandardOutput(t) }

func TestCollected(t *testing.T) { t.Parallel(); faults.Collected(t) }

func TestOutOfDescriptors(t *testing.T) { t.Parallel(); faults.OutOfDescriptors(t) }

func TestStalledLog(t *testing.T) { t.Parallel(); faults.StalledLog(t) }

func TestUnreadLog(t *testing.T) { t.Parallel(); faults.UnreadLog(t) }

func TestStopWithoutDescriptors(t *testing.T) { t.Parallel(); faults.StopWithoutDescriptors(t) }

func TestStopWithUnreadInput(t *testing.T) { t.Parallel(); faults.StopWithUnreadInput(t) }

func TestFair(t *testing.T) { t.Parallel(); faults.Fair(t) }

func TestFalseReadiness(t *testing.T) {
	t.Parallel()
	faults.FalseReadiness(t, "read:error=EAGAIN:when=1+2")
}

func TestVanishedPeer(t *testing.T) { t.Parallel(); faults.VanishedPeer(t) }
