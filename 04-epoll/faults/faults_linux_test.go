package faults

import (
	"fmt"
	"testing"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/faults"
	"example.com/echo/01-blocking/echotest/logfile"
	"github.com/google/go-cmp/cmp"
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
	t.Run("of the last one", func(t *testing.T) { t.Parallel(); faults.FalseReadiness(t, "epoll_pwait:retval=1:when=3+4") })
	t.Run("of a reader", func(t *testing.T) { t.Parallel(); faults.FalseReadiness(t, "read:error=EAGAIN:when=1+2") })
}

func TestVanishedPeer(t *testing.T) { t.Parallel(); faults.VanishedPeer(t) }

// TestWatchFails has the kernel refuse to watch some client: that one is lost, and
// the others are served. strace counts each thread's calls; the sixth is never
// one of Go's own, nor about the listening socket.
func TestWatchFails(t *testing.T) {
	t.Parallel()
	faults.Inject(t, "epoll_ctl:error=ENOMEM:when=6", func(st *echotest.Stage, _ faults.Trace) {
		lost := map[int]string{} // by port
		var served []*echotest.Client
		for i := range 40 {
			c := st.Client(fmt.Sprintf("client-%d", i+1))
			if c.EchoOrLoss("hello") {
				served = append(served, c)
			} else {
				lost[c.Port] = "epoll_ctl: cannot allocate memory"
				st.ExpectLog(logfile.ClientLost, c)
			}
		}
		for _, c := range served {
			c.Echo("still here")
			c.Reset()
		}
		logged := map[int]string{}
		log, err := st.Server.Log()
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range log {
			if e.Kind == logfile.ClientLost && lost[e.Socket.RemotePort] != "" {
				logged[e.Socket.RemotePort] = e.Reason
			}
		}
		if diff := cmp.Diff(lost, logged); len(lost) == 0 || diff != "" {
			t.Errorf("expected at least one client to be lost for want of memory (-expected +logged):\n%s", diff)
		}
	})
}
