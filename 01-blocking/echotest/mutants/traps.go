package mutants

import (
	"fmt"
	"slices"
	"strings"
	"syscall"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/faults"
	"example.com/echo/01-blocking/echotest/logfile"
	"example.com/echo/01-blocking/echotest/procfs"
)

// traps are scenarios that only mutants face, beside those that all lessons do:
// each is about one fault. A server without it passes.
var traps = []echotest.Scenario{
	{
		Name:  "started-again",
		Story: "A server closes a connection first, ends, and is started again on the same port at once.",
		Play: func(st *echotest.Stage) {
			// The address is nobody else's, so that nobody takes the port meanwhile.
			Restart(st, "127.7.7.7:0")
			for range 3 {
				alice := st.Client("alice")
				alice.Echo("hello")
				st.Signal(syscall.SIGTERM)
				alice.ExpectEnd()
				alice.Close()
				Restart(st, st.Server.Addr.String())
			}
			bob := st.Client("bob")
			bob.Echo("hello")
			bob.Leave()
		},
	},
	{
		Name:  "probed-when-silent",
		Story: "A client falls silent: the kernel has set a timer to ask whether it is still there.",
		Play: func(st *echotest.Stage) {
			alice := st.Client("alice")
			alice.Echo("hello")
			if end, _ := alice.ServerEnd(); !end.IsProbed() {
				alice.Fail("a keepalive timer on the server's end of its connection", "there is none")
			}
			alice.Leave()
		},
	},
	{
		Name:  "log-before-wait",
		Story: "A client is served and stays: the log has it before the server waits again.",
		Play: func(st *echotest.Stage) {
			alice := st.Client("alice")
			alice.Echo("hello")
			st.ExpectLog(logfile.DataSent, alice)
			alice.Leave()
		},
	},
	{
		Name:  "log-read-late",
		Story: "Nobody reads the log for a while: the clients wait, and then the log has everything.",
		Play:  faults.ReadLogLate,
	},
	{
		Name:  "cannot-be-watched",
		Story: "The kernel has no memory for watching some client: that one is lost, and the others are served.",
		Play: func(st *echotest.Stage) {
			for range 40 {
				c := st.Client("one of many")
				c.EchoOrLoss("hello")
			}
		},
	},
	{
		Name:  "standard-output-untouched",
		Story: "A server writes to a standard output that it shares with others, and leaves its flags alone.",
		Play: func(st *echotest.Stage) {
			st.Client("alice").Echo("hello")
			if procfs.DescriptorFlags(st.Server.PID(), 1)&syscall.O_NONBLOCK != 0 {
				panic(echotest.ServerFailure("to leave standard output blocking, as it was", "it made it non-blocking"))
			}
		},
	},
	{
		Name:  "speaks-again",
		Story: "A client gets its echo, pauses, and speaks again.",
		Play: func(st *echotest.Stage) {
			alice := st.Client("alice")
			alice.Echo("one")
			st.ExpectIdle()
			alice.Echo("two")
			alice.Leave()
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
		Play: func(st *echotest.Stage) {
			alice := st.Client("alice")
			alice.Echo("hello")
			alice.Leave()
			st.ExpectIdle() // it waits; told sooner, it would not begin to
		},
	},
	{
		Name:  "told-to-stop-while-owing",
		Story: "The server is told to stop while a client does not read: it still gets everything that it sent.",
		Play: func(st *echotest.Stage) {
			alice := st.Client("alice")
			sent := alice.Stall(1)
			st.Signal(syscall.SIGTERM)
			st.ExpectIdle() // it has noticed
			alice.Reclaim(1, sent)
			alice.ExpectEnd()
			alice.Close()
		},
	},
	{
		Name:  "reads-from-who-is-ready",
		Story: "Of 51 clients one speaks 100 times: the server reads from that one.",
		Play: func(st *echotest.Stage) {
			alice := st.Client("alice")
			for range 50 {
				st.Client("idle").Echo("hello")
			}
			before := procfs.ReadCalls(st.Server.PID())
			for range 100 {
				alice.Echo("hello")
			}
			if procfs.ReadCalls(st.Server.PID())-before > 1000 {
				panic(echotest.ServerFailure("to read about 100 times for 100 messages", "it read from clients that had sent nothing, all the time"))
			}
		},
	},
	{
		Name:  "two-are-owed",
		Story: "Two clients send and do not read until nothing more goes; then each reads its own bytes, and leaves.",
		View:  logfile.ByConnection,
		Play: func(st *echotest.Stage) {
			// Which of the two loses something is not fixed, so they have one name.
			alice, bob := st.Client("one of the two"), st.Client("one of the two")
			fromAlice, fromBob := alice.Stall(1), bob.Stall(2)
			alice.Resume(1, fromAlice)
			bob.Resume(2, fromBob)
		},
	},
	{
		Name:    "told-to-stop-with-a-long-queue",
		Story:   "The server is told to stop while many wait in its queue: they are served first.",
		View:    logfile.ByConnection,
		Clients: 900,
		Play: func(st *echotest.Stage) {
			var queue []*echotest.Client
			st.AtOnce(func() {
				for range 900 { // so many that it has not accepted all when it is told
					c := st.Client("one of the queue")
					c.Send("hello")
					queue = append(queue, c)
				}
				st.Signal(syscall.SIGTERM)
			})
			for _, c := range queue {
				c.Expect("hello")
				c.ExpectEnd()
				c.Close()
			}
		},
	},
}

// Restart starts the same program again, on addr, and waits until the one before
// has ended.
func Restart(st *echotest.Stage, addr string) {
	if len(st.Clients()) == 0 {
		st.Server.Kill()
	}
	goesOn := echotest.ServerFailure("to end, and its workers with it", "one goes on")
	if !st.Server.AwaitEnd(st.PatienceFor(goesOn)) {
		panic(goesOn)
	}
	again, err := st.Server.StartAgain(addr)
	if err != nil {
		_, why, _ := strings.Cut(err.Error(), "\n")
		panic(echotest.ServerFailure("to start again on its port", "it says "+strings.TrimSpace(why)))
	}
	st.Server = again
}

func servedInTurn(st *echotest.Stage) {
	mallory, alice := st.Client("mallory"), st.Client("alice")
	for range 40 { // the kernel makes room for clients that have much to say
		mallory.Echo(strings.Repeat("much to say ", 10_000))
	}
	flood := strings.Repeat("!", 600_000)
	for round := range 10 { // how much of a flood is there at once is not fixed
		hello, meToo := fmt.Sprint("hello ", round), fmt.Sprint("me too ", round)
		alice.Echo(hello)
		st.AtOnce(func() {
			mallory.Send(flood)
			alice.Send(meToo)
		})
		alice.Expect(meToo)
		if messagesBetween(st, hello, meToo) > 1 {
			panic(echotest.ServerFailure("to answer alice after one message of mallory's", "mallory had more than one turn before"))
		}
		mallory.Expect(flood)
	}
}

// messagesBetween counts the messages in the log between two others.
func messagesBetween(st *echotest.Stage, first, last string) int {
	is := func(text string) func(logfile.Event) bool {
		return func(e logfile.Event) bool { return e.Kind == logfile.DataSent && string(e.Data) == text }
	}
	st.Server.Wait(is(last))
	events, _ := st.Server.Log()
	return slices.IndexFunc(events, is(last)) - slices.IndexFunc(events, is(first)) - 1
}
