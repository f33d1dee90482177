// Package servers has other people's servers: right ones and wrong ones in other
// languages, and those that readers know. The tests play the scenarios against
// them and keep what became of each, and the tables in README.md are made of that.
package servers

import (
	"slices"

	"example.com/echo/01-blocking/echotest"
)

// A Kind is what is known of a server before it plays.
type Kind string

// The kinds of servers.
const (
	Usual Kind = "usual" // as many people write it, or have it installed
	Right Kind = "right" // it must pass every scenario
	Wrong Kind = "wrong" // a right one with one fault
)

// A Server is one that plays the scenarios.
type Server struct {
	Kind Kind
	// Name is a file in testdata, or what Command starts.
	Name string
	// Command is "" for a file, which Name tells how to start.
	Command string
	// Varies are scenarios whose outcome differs from run to run, because the server
	// is quick or slow. They prove nothing, and are not played.
	Varies []string
}

// All are all servers.
var All = []Server{
	{Kind: Usual, Name: "usual.js"},
	{Kind: Usual, Name: "usual_handled.js"},
	{Kind: Usual, Name: "usual_asyncio.py"},
	{Kind: Usual, Name: "usual_threads.py"},
	{Kind: Usual, Name: "usual_net.go"},
	{Kind: Usual, Name: "usual_libevent.c", Varies: []string{"half-close", "long-stream"}},
	{Kind: Usual, Name: "usual_inetd.sh"},
	{Kind: Usual, Name: "ncat", Command: "ncat -l {host} {port} -k -e /bin/cat", Varies: []string{
		"half-close", "half-close-in-one-batch", "more-than-one-read", "gone-before-its-echo", "told-to-stop-while-idle",
	}},
	{Kind: Usual, Name: "socat-cat", Command: "socat TCP-LISTEN:{port},bind={host},fork,reuseaddr EXEC:cat", Varies: []string{"told-to-stop-while-idle"}},
	{Kind: Usual, Name: "socat-pipe", Command: "socat TCP-LISTEN:{port},bind={host},fork,reuseaddr PIPE", Varies: []string{"long-stream", "told-to-stop-while-idle"}},
	{Kind: Right, Name: "right.js"},
	{Kind: Right, Name: "right_asyncio.py"},
	{Kind: Right, Name: "right_libevent.c"},
	{Kind: Right, Name: "right_net.go"},
	{Kind: Right, Name: "right_nio.java"},
	{Kind: Right, Name: "right_poll.c"},
	{Kind: Right, Name: "right_select.c"},
	{Kind: Right, Name: "right_selectors.py"},
	{Kind: Wrong, Name: "wrong_blocks.py"},
	{Kind: Wrong, Name: "wrong_dies_on_reset.py"},
	{Kind: Wrong, Name: "wrong_forgets_half_close.py", Varies: []string{"half-close", "long-stream", "both-stall"}},
	{Kind: Wrong, Name: "wrong_ignores_sigterm.py"},
	{Kind: Wrong, Name: "wrong_mixes_clients.py"},
	{Kind: Wrong, Name: "wrong_spins.py"},
}

// Scenarios returns those that the server plays, in order: all that need no
// workers, which a server need not have.
func (s Server) Scenarios() (all []echotest.Scenario) {
	for _, sc := range echotest.Scenarios {
		if !slices.Contains(sc.Needs, echotest.WorkerProcesses) && !slices.Contains(s.Varies, sc.Name) {
			all = append(all, sc)
		}
	}
	return all
}
