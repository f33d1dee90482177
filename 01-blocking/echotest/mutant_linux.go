package echotest

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// traps are scenarios that only mutants face, beside those that all lessons do:
// each is about one fault. A server without it passes.
var traps = []Scenario{
	{
		Name:  "started-again",
		Story: "A server closes a connection first, ends, and is started again on the same port at once.",
		Play: func(st *Stage) {
			// The address is nobody else's, so that nobody takes the port meanwhile.
			st.restart("127.7.7.7:0")
			for range 3 {
				alice := st.Client("alice")
				alice.Echo("hello")
				st.Server.Signal(syscall.SIGTERM)
				alice.ExpectEnd()
				alice.Close()
				st.restart(st.Server.Addr.String())
			}
			bob := st.Client("bob")
			bob.Echo("hello")
			bob.Leave()
		},
	},
	{
		Name:  "probed-when-silent",
		Story: "A client falls silent: the kernel has set a timer to ask whether it is still there.",
		Play: func(st *Stage) {
			alice := st.Client("alice")
			alice.Echo("hello")
			if !alice.connection().isProbed() {
				alice.fail("a keepalive timer on the server's end of its connection", "there is none")
			}
			alice.Leave()
		},
	},
	{
		Name:  "log-before-wait",
		Story: "A client is served and stays: the log has it before the server waits again.",
		Play: func(st *Stage) {
			alice := st.Client("alice")
			alice.Echo("hello")
			st.ExpectLog(DataSent, alice)
			alice.Leave()
		},
	},
	{
		Name:  "standard-output-untouched",
		Story: "A server writes to a standard output that it shares with others, and leaves its flags alone.",
		Play: func(st *Stage) {
			st.Client("alice").Echo("hello")
			if DescriptorFlags(st.Server.PID(), 1)&unix.O_NONBLOCK != 0 {
				panic(&Failure{Who: "server", Expected: "to leave standard output blocking, as it was", Came: "it made it non-blocking"})
			}
		},
	},
	{
		Name:  "speaks-again",
		Story: "A client gets its echo, pauses, and speaks again.",
		Play: func(st *Stage) {
			alice := st.Client("alice")
			alice.Echo("one")
			st.ExpectIdle()
			alice.Echo("two")
			alice.Leave()
		},
	},
	{
		Name:  "no-descriptor-left",
		Story: "The server has no descriptor left for a client, and then has one again: the client is served.",
		Play: func(st *Stage) {
			alice := st.Client("alice")
			alice.Echo("hello")
			giveBack := st.Server.takeDescriptors()
			alice.Leave()
			bob := st.Client("bob")
			bob.Send("hello")
			st.ExpectIdle()
			giveBack()
			bob.Expect("hello")
			bob.Leave()
		},
	},
	{
		Name:  "served-in-turn",
		Story: "One client has much to say and another little, both at once: the other waits for one message of the first.",
		Play:  servedInTurn,
	},
	{
		Name:  "told-to-stop-while-it-waits",
		Story: "Nobody is left, and the server waits for the next client when it is told to stop: it ends.",
		Play: func(st *Stage) {
			alice := st.Client("alice")
			alice.Echo("hello")
			alice.Leave()
			st.ExpectIdle() // it waits; told sooner, it would not begin to
		},
	},
	{
		Name:  "told-to-stop-while-owing",
		Story: "The server is told to stop while a client does not read: it still gets everything that it sent.",
		Play: func(st *Stage) {
			alice := st.Client("alice")
			sent := alice.Stall(1)
			st.Server.Signal(syscall.SIGTERM)
			st.ExpectIdle() // it has noticed
			alice.reclaim(1, sent)
			alice.ExpectEnd()
			alice.Close()
		},
	},
	{
		Name:  "reads-from-who-is-ready",
		Story: "Of 51 clients one speaks 100 times: the server reads from that one.",
		Play: func(st *Stage) {
			alice := st.Client("alice")
			for range 50 {
				st.Client("idle").Echo("hello")
			}
			before := readCalls(st.Server.PID())
			for range 100 {
				alice.Echo("hello")
			}
			if readCalls(st.Server.PID())-before > 1000 {
				panic(&Failure{Who: "server", Expected: "to read about 100 times for 100 messages", Came: "it read from clients that had sent nothing, all the time"})
			}
		},
	},
	{
		Name:  "two-are-owed",
		Story: "Two clients send and do not read until nothing more goes; then each reads its own bytes, and leaves.",
		View:  ByConnection,
		Play: func(st *Stage) {
			alice, bob := st.Client("alice"), st.Client("bob")
			fromAlice, fromBob := alice.Stall(1), bob.Stall(2)
			alice.Resume(1, fromAlice)
			bob.Resume(2, fromBob)
		},
	},
	{
		Name:  "told-to-stop-with-a-long-queue",
		Story: "The server is told to stop while many wait in its queue: they are served first.",
		View:  ByConnection,
		Play: func(st *Stage) {
			var queue []*Client
			st.AtOnce(func() {
				for range 900 { // so many that it has not accepted all when it is told
					c := st.Client("one of the queue")
					c.Send("hello")
					queue = append(queue, c)
				}
				st.Server.Signal(syscall.SIGTERM)
			})
			for _, c := range queue {
				c.Expect("hello")
				c.ExpectEnd()
				c.Close()
			}
		},
	},
	{
		Name:  "one-connect-wakes-all",
		Story: "Workers with a client each all see that somebody has connected, and one of them gets it: the others go on.",
		Play:  oneConnectWakesAll,
	},
	{
		Name:  "idle-worker-told-to-stop",
		Story: "One worker that waits for a client is told to stop: the others still accept.",
		Play: func(st *Stage) {
			alice := st.Client("alice")
			alice.Echo("hello")
			busy := st.WorkerOf(alice)
			for _, w := range st.Workers() {
				if w != busy {
					st.Signal(w, syscall.SIGTERM)
					st.ExpectWorker(w.Name, "stopped exitcode=0", 0)
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
		Play: func(st *Stage) {
			alice := st.Client("alice")
			alice.Echo("hello")
			st.Signal(st.WorkerOf(alice), syscall.SIGINT)
			st.ExpectIdle()
			alice.Echo("still there?")
			alice.Leave()
		},
	},
	{
		Name:  "supervisor-killed",
		Story: "The supervisor is killed: its workers go too.",
		Play: func(st *Stage) {
			alice := st.Client("alice")
			alice.Echo("hello")
			st.ExpectLog(DataSent, alice) // else its worker ends for want of a log
			syscall.Kill(st.Server.PID(), syscall.SIGKILL)
			alice.ExpectLoss()
			st.restart("127.0.0.1:0")
		},
	},
	{
		Name:  "dead-worker-is-reaped",
		Story: "A worker is killed and comes back: nothing is left of the one before.",
		Play: func(st *Stage) {
			alice := st.Client("alice")
			alice.Echo("hello")
			w := st.WorkerOf(alice)
			st.Signal(w, syscall.SIGKILL)
			alice.ExpectLoss()
			st.ExpectWorkerAfter(w)
			if _, err := os.Stat(fmt.Sprintf("/proc/%d", w.ID)); err == nil {
				panic(&Failure{Who: "server", Expected: "to reap a worker that has ended", Came: "it is still there, as a zombie"})
			}
		},
	},
	{
		Name:  "second-copy",
		Story: "The program is started a second time on the same port: it is refused.",
		Play: func(st *Stage) {
			if second, err := Start(st.Server.cmd.Path, append(slices.Clone(st.Server.cmd.Args[3:]), "-addr", st.Server.Addr.String())...); err == nil {
				second.Kill()
				panic(&Failure{Who: "server", Expected: "to have its port alone", Came: "a second copy listens on it too, and takes half of its clients"})
			}
		},
	},
	{
		Name:  "worker-inherits-one-socket",
		Story: "A worker has the sockets that it needs: the listening one, and those of its clients.",
		Play: func(st *Stage) {
			alice := st.Client("alice")
			alice.Echo("hello")
			sockets := 0
			for _, link := range Descriptors(st.WorkerOf(alice).ID) {
				if strings.HasPrefix(link, "socket:") {
					sockets++
				}
			}
			if sockets != 2 {
				panic(&Failure{Who: "server", Expected: "its worker to have 2 sockets, the server's and alice's", Came: fmt.Sprintf("it has %d", sockets)})
			}
		},
	},
	{
		Name:  "worker-stops-while-others-accept",
		Story: "One worker is told to stop and still has a client; whoever connects now is none of its business.",
		Play: func(st *Stage) {
			alice := st.Client("alice")
			alice.Echo("hello")
			leaving := st.WorkerOf(alice)
			st.Signal(leaving, syscall.SIGTERM)
			alice.ExpectEnd()
			for _, w := range st.Workers() {
				if w != leaving {
					st.Suspend(w.ID)
				}
			}
			bob := st.Client("bob") // waits in the queue of the others
			st.ExpectIdle()
			for _, w := range st.Workers() {
				st.Signal(w, syscall.SIGCONT)
			}
			bob.Echo("hello")
			bob.Leave()
			alice.Leave()
		},
	},
}

// restart starts the same program again, on addr, and waits until the one before
// has ended.
func (st *Stage) restart(addr string) {
	if st.clients == nil {
		st.Server.Kill()
	}
	select {
	case <-st.Server.ended:
	case <-time.After(Patience):
		panic(&Failure{Who: "server", Expected: "to end, and its workers with it", Came: "one goes on"})
	}
	args := append(slices.Clone(st.Server.cmd.Args[3:]), "-addr", addr)
	server, err := Start(st.Server.cmd.Path, args...)
	if err != nil {
		_, why, _ := strings.Cut(err.Error(), "\n")
		panic(&Failure{Who: "server", Expected: "to start again on its port", Came: "it says " + strings.TrimSpace(why)})
	}
	st.Server = server
}

// readCalls returns how often a process has called read. Source: proc(5),
// /proc/PID/io.
func readCalls(pid int) (calls int) {
	io, _ := os.ReadFile(fmt.Sprintf("/proc/%d/io", pid))
	_, after, _ := strings.Cut(string(io), "syscr: ")
	fmt.Sscan(after, &calls)
	return calls
}

// takeDescriptors takes from the server the descriptors that it does not use
// yet, and the last one that it uses, as soon as that is closed. It returns a
// function that gives them back.
func (s *Server) takeDescriptors() (giveBack func()) {
	var before unix.Rlimit
	set := func(limit *unix.Rlimit) {
		if err := unix.Prlimit(s.PID(), unix.RLIMIT_NOFILE, limit, nil); err != nil {
			panic(&Failure{Who: "server", Expected: "to take a new limit of descriptors", Came: err.Error()})
		}
	}
	unix.Prlimit(s.PID(), unix.RLIMIT_NOFILE, nil, &before)
	set(&unix.Rlimit{Cur: uint64(len(Descriptors(s.PID())) - 1), Max: before.Max})
	return func() { set(&before) }
}

func servedInTurn(st *Stage) {
	mallory, alice := st.Client("mallory"), st.Client("alice")
	for range 40 { // the kernel makes room for clients that have much to say
		mallory.Echo(strings.Repeat("much to say ", 10_000))
	}
	alice.Echo("hello")
	st.AtOnce(func() {
		mallory.Send(strings.Repeat("!", 600_000))
		alice.Send("me too")
	})
	alice.Expect("me too")
	isAlices := func(e Event) bool { return e.Kind == DataSent && string(e.Data) == "me too" }
	st.Server.Wait(isAlices)
	events, _ := st.Server.Log()
	before := 0
	for _, e := range events[:slices.IndexFunc(events, isAlices)] {
		if e.Kind == DataSent && bytes.HasPrefix(e.Data, []byte("!")) {
			before++
		}
	}
	if before > 1 {
		panic(&Failure{Who: "server", Expected: "to answer alice after one message of mallory's", Came: "mallory had more than one turn before"})
	}
}

// oneConnectWakesAll has a worker, and another one, see the same client in the
// queue. The first has much to do in that turn before it accepts, and is
// suspended in the middle of it.
func oneConnectWakesAll(st *Stage) {
	all := []Worker{st.ExpectWorker("Process-1", "started", 0), st.ExpectWorker("Process-2", "started", 0)}
	first, second := all[0], all[1]
	st.Suspend(second.ID)
	var old []*Client
	for range 200 {
		c := st.Client("a client of the first")
		c.Echo("hello")
		old = append(old, c)
	}
	message := strings.Repeat("much to say ", 2_000)
	for isLate := true; isLate; {
		st.Suspend(first.ID)
		for _, c := range old {
			c.Send(message)
		}
		newcomer := st.Client("newcomer")
		st.Signal(first, syscall.SIGCONT)
		old[0].Expect(message)
		st.Suspend(first.ID)
		isLate = newcomer.connection().isHeldBy(first.ID) // its turn is over
		if !isLate {
			st.Signal(second, syscall.SIGCONT)
			newcomer.Echo("hello")
		}
		st.Signal(first, syscall.SIGCONT)
		for _, c := range old[1:] {
			c.Expect(message)
		}
	}
	st.ExpectIdle()
	failure := st.play(func(*Stage) {
		if st.fate.text != "" {
			old[0].patience = shortPatience
		}
		old[0].Echo("still there?")
	})
	if failure != nil {
		panic(&Failure{Who: "server", Expected: "to answer the clients of all its workers after somebody has connected",
			Came: "one worker waits, inside accept, for a client that another has got"})
	}
}
