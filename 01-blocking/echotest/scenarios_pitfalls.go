package echotest

import (
	"fmt"
	"strings"
	"syscall"

	"example.com/echo/01-blocking/echotest/logfile"
	"example.com/echo/01-blocking/echotest/procfs"
)

// pitfalls are the scenarios of what goes wrong in servers like these; see
// docs/pitfalls.md.
var pitfalls = []Scenario{
	{
		Name:  "half-close-in-one-batch",
		Story: "A message and the end of the stream are both there when the server looks.",
		Play: func(st *Stage) {
			var alice *Client
			st.AtOnce(func() {
				alice = st.Client("alice")
				alice.Send("my last words")
				alice.CloseWrite()
			})
			alice.Expect("my last words")
			alice.ExpectEnd()
			alice.Close()
		},
	},
	{
		Name:  "reset-in-the-queue",
		Story: "A client resets its connection before the server has accepted it, and the next one is served.",
		Play: func(st *Stage) {
			var mallory *Client
			st.AtOnce(func() {
				mallory = st.Client("mallory")
				mallory.Reset()
			})
			st.ExpectLog(logfile.ClientLost, mallory)
			alice := st.Client("alice")
			alice.Echo("hello")
			alice.Leave()
		},
	},
	{
		Name:    "long-queue",
		Story:   "500 clients connect, speak and half-close before the server accepts the first.",
		View:    logfile.Collapsed,
		Clients: 500,
		Play: func(st *Stage) {
			var queue []*Client
			st.AtOnce(func() {
				for i := range 500 {
					c := st.Client(fmt.Sprintf("queue-%d", i+1))
					c.Send("hello")
					c.CloseWrite()
					queue = append(queue, c)
				}
			})
			for _, c := range queue {
				c.Expect("hello")
				c.ExpectEnd()
				c.Close()
			}
		},
	},
	{
		Name:    "told-to-stop-with-a-queue",
		Story:   "The server is told to stop while 300 clients wait in its queue: they are served first.",
		View:    logfile.Collapsed,
		Clients: 300,
		Needs:   []Need{GoodStop},
		Play: func(st *Stage) {
			var queue []*Client
			st.AtOnce(func() {
				for i := range 300 {
					c := st.Client(fmt.Sprintf("queue-%d", i+1))
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
	{
		Name:  "leaves-and-comes-in-one-batch",
		Story: "A client leaves, and another comes and gets its descriptor, both before the server looks.",
		Play: func(st *Stage) {
			alice := st.Client("alice")
			alice.Echo("hello")
			var bob *Client
			st.AtOnce(func() {
				alice.Close()
				alice.AwaitArrival()
				bob = st.Client("bob")
				bob.Send("hello from bob")
			})
			bob.Expect("hello from bob")
			bob.Leave()
		},
	},
	{
		Name:  "many-leave-in-one-batch",
		Story: "Of ten clients some leave, some reset and some speak, all before the server looks; then ten others come.",
		View:  logfile.ByConnection,
		Play: func(st *Stage) {
			var old, young []*Client
			for i := range 10 {
				c := st.Client(fmt.Sprintf("old-%d", i+1))
				c.Echo("hello")
				old = append(old, c)
			}
			st.AtOnce(func() {
				for i, c := range old {
					switch i % 3 {
					case 0:
						c.Close()
					case 1:
						c.Reset()
					case 2:
						c.Send("still here: " + c.Name)
					}
				}
				for i := range 10 {
					c := st.Client(fmt.Sprintf("young-%d", i+1))
					c.Send("hello from " + c.Name)
					young = append(young, c)
				}
			})
			for _, c := range young {
				c.Expect("hello from " + c.Name)
			}
			for i, c := range old {
				if i%3 == 2 {
					c.Expect("still here: " + c.Name)
				}
			}
		},
	},
	{
		Name:  "more-than-one-read",
		Story: "More is there at once than the server reads at once.",
		View:  logfile.ByConnection,
		Play: func(st *Stage) {
			alice := st.Client("alice")
			alice.MakeRoom()
			all := strings.Repeat("0123456789abcdef", 20_000)
			st.AtOnce(func() { alice.Send(all) })
			alice.Expect(all)
			alice.Leave()
		},
	},
	{
		Name:  "urgent-byte",
		Story: "A byte comes out of band, and the stream goes on without it.",
		Play: func(st *Stage) {
			alice := st.Client("alice")
			alice.Echo("one")
			alice.SendUrgent('!')
			st.ExpectIdle()
			alice.Echo("two")
			alice.Leave()
		},
	},
	{
		Name:  "signal-storm",
		Story: "Signals interrupt whatever the server waits in, and nobody notices.",
		View:  logfile.ByConnection,
		Play: func(st *Stage) {
			st.Interrupt()
			alice := st.Client("alice")
			for range 30 {
				st.Interrupt()
				alice.Echo("x")
			}
			alice.Leave()
		},
	},
	{
		Name:  "idle",
		Story: "Clients come and go, whoever stays says nothing, and the server uses no processor time.",
		View:  logfile.ByConnection,
		Play: func(st *Stage) {
			alice := st.Client("alice")
			alice.Echo("hello")
			st.ExpectIdle()
			bob := st.Client("bob")
			bob.Echo("hello")
			mallory := st.Client("mallory")
			mallory.Echo("hello")
			bob.Leave()
			mallory.Reset()
			st.ExpectLog(logfile.ClientLost, mallory)
			st.ExpectIdle()
			alice.Echo("still here")
		},
	},
	{
		Name:  "no-descriptor-left",
		Story: "The server has no descriptor left for a client, and then has one again: the client is served.",
		Play: func(st *Stage) {
			st.ExpectIdle() // its workers have begun
			next := procfs.FreeDescriptors(st.Server.Roots()...)
			alice := st.Client("alice")
			alice.Echo("hello")
			st.ExpectIdle()                              // it waits: poll takes no list that is longer than the limit
			giveBack, _ := procfs.LimitDescriptors(next) // where this system can do that
			alice.Leave()
			bob := st.Client("bob")
			st.ExpectIdle()
			giveBack()
			if bob.EchoOrLoss("hello") {
				bob.Leave()
			} else { // he was turned away; the lessons' logs show that they do not
				st.Client("carol").Echo("hello")
			}
		},
	},
	{
		Name:  "forged-lines",
		Story: "A client sends what looks like lines of the log, and codes for the reader's terminal: the log shows them as data.",
		Play: func(st *Stage) {
			alice := st.Client("alice")
			alice.Echo("x' to <socket.socket fd=3>\nClosed client sock <socket.socket fd=3>\n\x1b[2J\r\x9b1m\x00")
			alice.Leave()
		},
	},
	{
		Name:  "reset-with-an-echo-owed",
		Story: "A client that never reads resets its connection; the next one gets its descriptor, and only its own bytes.",
		View:  logfile.ByConnection,
		Play: func(st *Stage) {
			mallory := st.Client("mallory")
			mallory.Stall(1)
			mallory.Reset()
			st.ExpectLog(logfile.ClientLost, mallory)
			alice := st.Client("alice")
			alice.Echo("hello")
			st.ExpectIdle()
			alice.Leave()
		},
	},
	{
		Name:  "both-stall",
		Story: "Two clients send and do not read until nothing more goes; then each gets exactly its own bytes.",
		View:  logfile.ByConnection,
		Play: func(st *Stage) {
			alice, bob := st.Client("alice"), st.Client("bob")
			fromAlice, fromBob := alice.Stall(1), bob.Stall(2)
			st.ExpectIdle()
			alice.Resume(1, fromAlice)
			bob.Resume(2, fromBob)
		},
	},
	{
		Name:  "gone-before-its-echo",
		Story: "A client is gone before it is answered: what is sent to it meets a closed connection, and the next one is served.",
		View:  logfile.ByConnection,
		Play: func(st *Stage) {
			mallory := st.Client("mallory")
			mallory.MakeRoom()
			st.AtOnce(func() {
				mallory.IsVague = true // how much goes before the server sees it is not fixed
				mallory.Send(strings.Repeat("m", mallory.Room(120_000)))
				mallory.Close()
				mallory.AwaitArrival()
			})
			st.ExpectLog(logfile.ClientLost, mallory)
			alice := st.Client("alice")
			alice.Echo("hello")
			alice.Leave()
		},
	},
}
