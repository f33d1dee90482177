package workertest

import (
	"fmt"
	"strings"
	"syscall"
	"time"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/logfile"
	"example.com/echo/01-blocking/echotest/mutants"
	"example.com/echo/01-blocking/echotest/procfs"
)

// Traps are scenarios that only mutants face: each is about one fault. A server
// without it passes.
var Traps = []echotest.Scenario{
	{
		Name:    "one-connect-wakes-all",
		Story:   "Workers with a client each all see that somebody has connected, and one of them gets it: the others go on.",
		Play:    oneConnectWakesAll,
		Clients: 200,
	},
	{
		Name:  "idle-worker-told-to-stop",
		Story: "One worker that waits for a client is told to stop: the others still accept.",
		Play: func(st *echotest.Stage) {
			alice := st.Client("alice")
			alice.Echo("hello")
			busy := Of(st, alice)
			for _, w := range Running(st) {
				if w != busy {
					Signal(w, syscall.SIGTERM)
					Expect(st, w.Name, "stopped exitcode=0", 0)
					break
				}
			}
			bob := st.Client("bob")
			bob.Echo("hello")
			bob.Leave()
			alice.Leave()
		},
	},
	{
		Name:  "worker-gets-ctrl-c",
		Story: "Ctrl-C reaches a worker: it leaves the decision to its supervisor.",
		Play: func(st *echotest.Stage) {
			alice := st.Client("alice")
			alice.Echo("hello")
			Signal(Of(st, alice), syscall.SIGINT)
			st.ExpectIdle()
			alice.Echo("still there?")
			alice.Leave()
		},
	},
	{
		Name:  "supervisor-killed",
		Story: "The supervisor is killed: its workers go too.",
		Play: func(st *echotest.Stage) {
			alice := st.Client("alice")
			alice.Echo("hello")
			st.ExpectLog(logfile.DataSent, alice) // else its worker ends for want of a log
			st.Signal(syscall.SIGKILL)
			alice.ExpectLoss()
			mutants.Restart(st, "127.0.0.1:0")
		},
	},
	{
		Name:  "dead-worker-is-reaped",
		Story: "A worker is killed and comes back: nothing is left of the one before.",
		Play: func(st *echotest.Stage) {
			alice := st.Client("alice")
			alice.Echo("hello")
			w := Of(st, alice)
			Signal(w, syscall.SIGKILL)
			alice.ExpectLoss()
			ExpectAfter(st, w)
			if procfs.IsZombie(w.ID) {
				panic(echotest.ServerFailure("to reap a worker that has ended", "it is still there, as a zombie"))
			}
		},
	},
	{
		Name:  "second-copy",
		Story: "The program is started a second time on the same port: it is refused.",
		Play: func(st *echotest.Stage) {
			if second, err := st.Server.StartAgain(st.Server.Addr.String()); err == nil {
				second.Kill()
				panic(echotest.ServerFailure("to have its port alone", "a second copy listens on it too, and takes half of its clients"))
			}
		},
	},
	{
		Name:  "worker-inherits-one-socket",
		Story: "A worker has the sockets that it needs: the listening one, and those of its clients.",
		Play: func(st *echotest.Stage) {
			alice := st.Client("alice")
			alice.Echo("hello")
			sockets := 0
			for _, link := range procfs.Descriptors(Of(st, alice).ID) {
				if strings.HasPrefix(link, "socket:") {
					sockets++
				}
			}
			if sockets != 2 {
				panic(echotest.ServerFailure("its worker to have 2 sockets, the server's and alice's", fmt.Sprintf("it has %d", sockets)))
			}
		},
	},
	{
		Name:  "worker-stops-while-others-accept",
		Story: "One worker is told to stop and still has a client; whoever connects now is none of its business.",
		Play: func(st *echotest.Stage) {
			alice := st.Client("alice")
			alice.Echo("hello")
			leaving := Of(st, alice)
			Signal(leaving, syscall.SIGTERM)
			alice.ExpectEnd()
			for _, w := range Running(st) {
				if w != leaving {
					Suspend(w)
				}
			}
			bob := st.Client("bob") // waits in the queue of the others
			st.ExpectIdle()
			for _, w := range Running(st) {
				Signal(w, syscall.SIGCONT)
			}
			bob.Echo("hello")
			bob.Leave()
			alice.Leave()
		},
	},
}

// oneConnectWakesAll has a worker, and another one, see the same client in the
// queue. The first has much to do in that turn before it accepts, and is
// suspended in the middle of it.
func oneConnectWakesAll(st *echotest.Stage) {
	all := []logfile.Worker{Expect(st, "Process-1", "started", 0), Expect(st, "Process-2", "started", 0)}
	first, second := all[0], all[1]
	Suspend(second)
	var old []*echotest.Client
	for range 200 {
		c := st.Client("a client of the first")
		c.Echo("hello")
		old = append(old, c)
	}
	message := strings.Repeat("much to say ", 2_000)
	for isLate := true; isLate; {
		Suspend(first)
		for _, c := range old {
			c.Send(message)
		}
		newcomer := st.Client("newcomer")
		Signal(first, syscall.SIGCONT)
		old[0].Expect(message)
		Suspend(first)
		isLate = isHeldBy(newcomer, first) // its turn is over
		if !isLate {
			Signal(second, syscall.SIGCONT)
			newcomer.Echo("hello")
		}
		Signal(first, syscall.SIGCONT)
		for _, c := range old[1:] {
			c.Expect(message)
		}
	}
	st.ExpectIdle()
	waitsInAccept := echotest.ServerFailure("to answer the clients of all its workers after somebody has connected",
		"one worker waits, inside accept, for a client that another has got")
	patience := st.PatienceFor(waitsInAccept)
	defer func(usual func(*echotest.Failure) time.Duration) { st.Patience = usual }(st.Patience)
	st.Patience = func(*echotest.Failure) time.Duration { return patience }
	if st.Play(func(*echotest.Stage) { old[0].Echo("still there?") }) != nil {
		panic(waitsInAccept)
	}
}
