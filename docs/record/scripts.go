package main

import (
	"slices"

	"example.com/echo/docs/recording"
	"example.com/echo/docs/repo"
)

// A script is what clients do to a server, one step after another.
type script struct {
	name    string
	about   string   // what it shows, in a sentence
	lessons []string // those that can play it
	flags   []string // for the server
	strace  []string // more arguments for strace
	steps   []step
	wants   func(*recording.Recording) bool // what is left to chance
}

// A step is done when its effect has reached the server, and the server waits
// again with nothing left to do.
type step struct {
	who  string // the client
	does action
	data string
	size int    // if it is more than data, which is repeated
	text string // for the reader
	log  string // the step is not done before this is in the log
}

// An action is what happens in a step, as a recording has it.
type action string

const (
	starts   action = "starts"   // the server
	connects action = "connects" // and reads what comes back, from now on
	narrow   action = "connects with little room"
	sends    action = "sends"
	deaf     action = "sends and does not read" // until it does reads
	reads    action = "reads"
	halfs    action = "half-closes"
	closes   action = "closes"
	resets   action = "resets"
	urgent   action = "signal" // SIGURG, for the thread that waits
	limit    action = "limit"  // no more descriptors than are open now
	rests    action = "rests"  // until a wait ends by its timeout
	kills    action = "kill"   // the worker that serves the client
	stops    action = "stop"   // SIGTERM
)

// recorded returns the word that a recording has for the action: how a client
// connects and whether it reads are matters of the player.
func (a action) recorded() string {
	switch a {
	case narrow:
		a = connects
	case deaf:
		a = sends
	}
	return string(a)
}

var (
	all        = repo.Lessons
	single     = repo.Lessons[1:4] // and with one loop
	multi      = repo.Lessons[4:]
	bigMessage = 40_000
)

var scripts = []script{
	{
		name: "one-client", lessons: all,
		about: "One client connects, gets its bytes back, and leaves.",
		steps: []step{
			{who: "alice", does: connects, text: "alice connects."},
			{who: "alice", does: sends, data: "hello\n", text: "alice sends 6 bytes, and gets them back."},
			{who: "alice", does: closes, text: "alice leaves."},
		},
	},
	{
		name: "two-clients", lessons: all,
		about: "Two clients are connected, and take turns.",
		steps: []step{
			{who: "alice", does: connects, text: "alice connects."},
			{who: "bob", does: connects, text: "bob connects."},
			{who: "alice", does: sends, data: "hello\n", text: "alice sends a line."},
			{who: "bob", does: sends, data: "hi\n", text: "bob sends a line."},
			{who: "alice", does: sends, data: "again\n", text: "alice sends another line."},
			{who: "alice", does: closes, text: "alice leaves."},
			{who: "bob", does: closes, text: "bob leaves."},
		},
	},
	{
		name: "second-speaks-first", lessons: all,
		about: "Of two clients the one that connected second speaks first.",
		steps: []step{
			{who: "alice", does: connects, text: "alice connects, and says nothing."},
			{who: "bob", does: connects, text: "bob connects."},
			{who: "bob", does: sends, data: "hi\n", text: "bob sends a line."},
			{who: "alice", does: closes, text: "alice leaves without a word."},
			{who: "bob", does: closes, text: "bob leaves."},
		},
	},
	{
		name: "message-larger-than-room", lessons: all,
		about: "A client sends a message whose echo is larger than the room for it, and reads late.",
		steps: []step{
			{who: "bob", does: connects, text: "bob connects."},
			{who: "alice", does: narrow, text: "alice connects. She has little room for what comes back."},
			{who: "alice", does: deaf, data: "x", size: bigMessage, text: "alice sends 40,000 bytes, and does not read."},
			{who: "bob", does: sends, data: "hi\n", text: "bob sends a line."},
			{who: "bob", does: closes, text: "bob leaves."},
			{who: "carol", does: connects, text: "carol connects."},
			{who: "carol", does: sends, data: "hey\n", text: "carol sends a line."},
			{who: "alice", does: reads, text: "alice reads, until all of her bytes are back."},
			{who: "alice", does: closes, text: "alice leaves."},
			{who: "carol", does: closes, text: "carol leaves."},
		},
	},
	{
		name: "half-close", lessons: all,
		about: "A client sends all that it has to say, and then reads to the end.",
		steps: []step{
			{who: "alice", does: connects, text: "alice connects."},
			{who: "alice", does: sends, data: "hello\n", text: "alice sends a line."},
			{who: "alice", does: halfs, text: "alice half-closes: she sends nothing more, and reads until the end."},
			{who: "alice", does: closes, text: "alice closes the other half."},
		},
	},
	{
		name: "reset", lessons: all,
		about: "A client resets its connection, while another is connected.",
		steps: []step{
			{who: "alice", does: connects, text: "alice connects."},
			{who: "bob", does: connects, text: "bob connects."},
			{who: "alice", does: sends, data: "hello\n", text: "alice sends a line."},
			{who: "alice", does: resets, text: "alice resets the connection, as a program does that ends with something unread."},
			{who: "bob", does: sends, data: "hi\n", text: "bob sends a line."},
			{who: "bob", does: closes, text: "bob leaves."},
		},
	},
	{
		name: "signal-in-a-wait", lessons: repo.Lessons[:4],
		about: "A signal arrives in the middle of a wait. Go's runtime sends itself such signals, SIGURG.",
		steps: []step{
			{who: "alice", does: connects, text: "alice connects."},
			{does: urgent, text: "The thread that waits gets a signal, SIGURG."},
			{who: "alice", does: sends, data: "hello\n", text: "alice sends a line."},
			{who: "alice", does: closes, text: "alice leaves."},
		},
	},
	{
		name: "crowd-edge", lessons: single,
		about: "The server runs out of descriptors, as it would at 1,024 of them.",
		steps: []step{
			{who: "alice", does: connects, text: "alice connects."},
			{who: "bob", does: connects, text: "bob connects."},
			{does: limit, text: "The server's limit on descriptors is lowered: it may open no more than now."},
			{who: "carol", does: connects, text: "carol connects. There is no descriptor for her, so the server stops watching its socket for a while."},
			{does: rests, text: "After 100 ms it watches the socket again, and tries in vain."},
			{who: "alice", does: closes, text: "alice leaves. Her descriptor is carol's now."},
			{who: "carol", does: sends, data: "hey\n", text: "carol sends a line."},
			{who: "carol", does: closes, text: "carol leaves."},
			{who: "bob", does: closes, text: "bob leaves."},
		},
	},
	{
		name: "four-clients", lessons: single,
		about: "Four clients are connected. Two speak, and one leaves.",
		steps: []step{
			{who: "alice", does: connects, text: "alice connects."},
			{who: "bob", does: connects, text: "bob connects."},
			{who: "carol", does: connects, text: "carol connects."},
			{who: "dave", does: connects, text: "dave connects."},
			{who: "carol", does: sends, data: "hey\n", text: "carol sends a line."},
			{who: "alice", does: sends, data: "hello\n", text: "alice sends a line."},
			{who: "bob", does: closes, text: "bob leaves."},
			{who: "alice", does: closes, text: "alice leaves."},
			{who: "carol", does: closes, text: "carol leaves."},
			{who: "dave", does: closes, text: "dave leaves."},
		},
	},
	{
		name: "nine-of-ten-idle", lessons: repo.Lessons[:4],
		about: "Ten clients are connected, and only the last of them speaks.",
		steps: slices.Concat(everybody(connects, " connects."), []step{
			{who: "judy", does: sends, data: "one\n", text: "judy sends a line."},
			{who: "judy", does: sends, data: "two\n", text: "judy sends a second line."},
		}, everybody(closes, " leaves.")),
	},
	{
		name: "told-to-stop", lessons: all,
		about: "The server is told to stop while it owes a client a part of its echo.",
		steps: []step{
			{who: "bob", does: connects, text: "bob connects."},
			{who: "bob", does: sends, data: "hi\n", text: "bob sends a line."},
			{who: "alice", does: narrow, text: "alice connects. She has little room for what comes back."},
			{who: "alice", does: deaf, data: "x", size: bigMessage, text: "alice sends 40,000 bytes, and does not read."},
			{does: stops, text: "The server is told to stop: it gets SIGTERM."},
			{who: "bob", does: closes, text: "bob leaves."},
			{who: "alice", does: reads, text: "alice reads, until all of her bytes are back."},
			{who: "alice", does: closes, text: "alice leaves."},
		},
	},
	arrival("shared"),
	arrival("exclusive", "-loop=epoll"),
	arrival("reuseport"),
	{
		name: "worker-killed", lessons: multi, wants: apart,
		about: "The worker that serves a client is killed. The other client does not notice.",
		steps: []step{
			{who: "alice", does: connects, text: "alice connects."},
			{who: "bob", does: connects, text: "bob connects, and another worker serves him."},
			{who: "alice", does: kills, log: "started", text: "alice's worker is killed, with SIGKILL. A new one takes its place."},
			{who: "bob", does: sends, data: "hi\n", text: "bob sends a line."},
			{who: "bob", does: closes, text: "bob leaves."},
		},
	},
}

// apart reports whether alice and bob had different workers.
func apart(r *recording.Recording) bool {
	workers := map[string]bool{}
	for i := range r.Calls {
		if c := &r.Calls[i]; c.Name == "accept4" && c.Error == "" {
			workers[c.Process()] = true
		}
	}
	return len(workers) == 2
}

// arrival is four workers and one client, with -listen as given. Each accept is
// delayed, so that all who were woken try.
func arrival(listen string, flags ...string) script {
	return script{
		name: "four-workers-one-arrival-" + listen, lessons: multi,
		about:  "Four workers wait, and one client arrives.",
		flags:  append(flags, "-listen="+listen),
		strace: []string{"-e", "inject=accept4:delay_enter=300000"},
		steps: []step{
			{who: "alice", does: connects, text: "alice connects."},
			{who: "alice", does: sends, data: "hello\n", text: "alice sends a line."},
			{who: "alice", does: closes, text: "alice leaves."},
		},
	}
}

func everybody(does action, text string) (steps []step) {
	for _, who := range []string{"alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy"} {
		steps = append(steps, step{who: who, does: does, text: who + text})
	}
	return steps
}
