package echotest

import (
	"fmt"
	"slices"
	"strings"
	"syscall"

	"example.com/echo/01-blocking/echotest/logfile"
)

// A Scenario is a short story of clients and one server. Every lesson faces
// all of them; a lesson that cannot pass one says so.
type Scenario struct {
	Name  string       // also of the golden file
	Story string       // one sentence
	View  logfile.View // what its golden file shows; another one if the order is not fixed
	Needs []Need       // what a server must have to face it at all
	Play  func(*Stage)

	// Clients is how many there are at the same time, if they are many.
	Clients int

	// Limit, if any, plays on when another server than a lesson's has failed. It
	// returns what there is to say of a server that has an honest limit, and passes.
	Limit func(*Stage, *Failure) string
}

// A Need is what a scenario needs of a server, beside an echo.
type Need string

// What a server can lack.
const (
	GoodStop        Need = "a server that stops in good order when it is told to"
	WorkerProcesses Need = "a server with worker processes"
)

// curl is what curl 8.0.1 sends for: curl 127.0.0.1:1337 --http0.9
const curl = "GET / HTTP/1.1\r\nHost: 127.0.0.1:1337\r\nUser-Agent: curl/8.0.1\r\nAccept: */*\r\n\r\n"

// Scenarios are all scenarios.
var Scenarios = slices.Concat(motives, pitfalls)

// motives are the scenarios of what the lessons are there for, in the order in
// which they meet it.
var motives = []Scenario{
	{
		Name:  "echo",
		Story: "One client sends a message and gets it back.",
		Play: func(st *Stage) {
			alice := st.Client("alice")
			alice.Echo("hello\n")
			alice.Leave()
		},
	},
	{
		Name:  "every-byte",
		Story: "All 256 byte values come back, and the log shows each as Python would.",
		Play: func(st *Stage) {
			var all strings.Builder
			for b := range 256 {
				all.WriteByte(byte(b))
			}
			alice := st.Client("alice")
			alice.Echo(all.String())
			alice.Echo("it's")
			alice.Echo(`it's "quoted"`)
			alice.Leave()
		},
	},
	{
		Name:  "byte-by-byte",
		Story: "A client sends one byte at a time and gets each back before the next.",
		Play: func(st *Stage) {
			alice := st.Client("alice")
			for _, b := range "hello" {
				alice.Echo(string(b))
			}
			alice.Leave()
		},
	},
	{
		Name:  "take-turns",
		Story: "A client is served and leaves, then another.",
		Play: func(st *Stage) {
			alice := st.Client("alice")
			alice.Echo("hello from alice")
			alice.Leave()
			bob := st.Client("bob")
			bob.Echo("hello from bob")
			bob.Leave()
		},
	},
	{
		Name:  "half-close",
		Story: "A client says that it has nothing more to send, and still gets its echo.",
		Play: func(st *Stage) {
			alice := st.Client("alice")
			alice.Send("my last words")
			alice.CloseWrite()
			alice.Expect("my last words")
			alice.ExpectEnd()
			alice.Close()
		},
	},
	{
		Name:  "silent-visitor",
		Story: "A client comes and goes without a word.",
		Play: func(st *Stage) {
			st.Client("alice").Leave()
			st.Client("bob").Echo("is anybody there?")
		},
	},
	{
		Name:  "reset",
		Story: "A client resets its connection, and the next one is served.",
		Play: func(st *Stage) {
			mallory := st.Client("mallory")
			mallory.Echo("hello")
			mallory.Reset()
			st.ExpectLog(logfile.ClientLost, mallory)
			alice := st.Client("alice")
			alice.Echo("hello")
			alice.Leave()
		},
	},
	{
		Name:  "long-stream",
		Story: "100 MB go through one connection and come back byte for byte.",
		View:  logfile.ByConnection,
		Play: func(st *Stage) {
			st.Client("alice").StreamThrough(100_000_000)
		},
	},
	{
		Name:  "told-to-stop",
		Story: "The server is told to stop: what a client has sent still comes back, then the end of the stream.",
		View:  logfile.ByConnection,
		Needs: []Need{GoodStop},
		Play: func(st *Stage) {
			alice := st.Client("alice")
			alice.Echo("hello")
			last := strings.Repeat("last words ", 3000)
			alice.Send(last)
			st.Signal(syscall.SIGTERM)
			alice.Expect(last)
			alice.ExpectEnd()
			alice.Close()
		},
	},
	{
		Name:  "told-to-stop-while-idle",
		Story: "The server is told to stop while one client is idle and another waits in its queue: the one in the queue still gets its echo.",
		View:  logfile.ByConnection,
		Play: func(st *Stage) {
			alice := st.Client("alice")
			alice.Echo("hello")
			st.ExpectIdle()
			var bob *Client
			st.AtOnce(func() {
				bob = st.Client("bob")
				bob.Send("hello")
				st.Signal(syscall.SIGTERM)
			})
			bob.Expect("hello")
			bob.ExpectEnd()
			bob.Close()
			alice.ExpectEnd()
			alice.Close()
		},
	},
	{
		Name:  "second-speaks-first",
		Story: "A second client speaks while the first one is idle.",
		Play: func(st *Stage) {
			st.Client("alice")
			bob := st.Client("bob")
			bob.Echo("hello")
			bob.Leave()
		},
	},
	{
		Name:  "two-curls",
		Story: "Two curls send their requests, and both stay connected: the original's own example.",
		Play: func(st *Stage) {
			st.Client("client-1").Echo(curl)
			st.Client("client-2").Echo(curl)
		},
	},
	{
		Name:  "reset-among-others",
		Story: "A client resets its connection, and the others go on undisturbed.",
		Play: func(st *Stage) {
			alice := st.Client("alice")
			alice.Echo("one")
			mallory := st.Client("mallory")
			mallory.Echo("hello")
			mallory.Reset()
			st.ExpectLog(logfile.ClientLost, mallory)
			alice.Echo("two")
			alice.Leave()
		},
	},
	{
		Name:  "all-at-once",
		Story: "20 clients speak at the same time, in large messages, and each gets its own bytes back.",
		View:  logfile.ByConnection,
		Play: func(st *Stage) {
			st.Together(20, func(i int, c *Client) {
				for round := range 5 {
					c.Echo(strings.Repeat(string([]byte{byte(200 + i), byte(round), '\''}), 20_000))
				}
				c.Leave()
			})
		},
	},
	{
		Name:  "never-reads",
		Story: "A client sends and sends and never reads, and the others do not wait for it.",
		View:  logfile.ByConnection,
		Play: func(st *Stage) {
			mallory := st.Client("mallory")
			mallory.SendUntilStuck()
			alice := st.Client("alice")
			alice.Echo("hello")
			alice.Leave()
			mallory.Reset()
			st.ExpectLog(logfile.ClientLost, mallory)
		},
	},
	{
		Name:    "crowd",
		Story:   "1,100 clients come, stay, and each is served.",
		View:    logfile.Collapsed,
		Limit:   limitOfClients,
		Clients: 1100,
		Play: func(st *Stage) {
			for i := range 1100 {
				st.Client(fmt.Sprintf("crowd-%d", i+1)).Echo("hello")
			}
		},
	},
}
