package recorder

import (
	"slices"

	"example.com/echo/docs/recording"
	"example.com/echo/docs/repo"
)

// A Script is what clients do to a server, one step after another.
type Script struct {
	Name    string
	About   string   // what it shows, in a sentence
	Lessons []string // those that can play it
	Flags   []string // for the server
	Strace  []string // more arguments for strace
	Steps   []Step
	Wants   func(*recording.Recording) bool // what is left to chance
}

// A Step is done when its effect has reached the server, and the server waits
// again with nothing left to do.
type Step struct {
	Who  string // the client
	Does Action
	Data string
	Size int    // if it is more than Data, which is repeated
	Text string // for the reader
	Log  string // the step is not done before this is in the log
}

// An Action is what happens in a step, as a recording has it.
type Action string

// What can happen.
const (
	Starts     Action = "starts"   // the server
	Connects   Action = "connects" // and reads what comes back, from now on
	Narrow     Action = "connects with little room"
	Sends      Action = "sends"
	Deaf       Action = "sends and does not read" // until it does Reads
	Reads      Action = "reads"
	HalfCloses Action = "half-closes"
	Closes     Action = "closes"
	Resets     Action = "resets"
	Urgent     Action = "signal" // SIGURG, for the thread that waits
	Limit      Action = "limit"  // no more descriptors than are open now
	Rests      Action = "rests"  // until a wait ends by its timeout
	Kills      Action = "kill"   // the worker that serves the client
	Stops      Action = "stop"   // SIGTERM
)

// Recorded returns the word that a recording has for the action: how a client
// connects and whether it reads are matters of the player.
func (a Action) Recorded() string {
	switch a {
	case Narrow:
		a = Connects
	case Deaf:
		a = Sends
	}
	return string(a)
}

var (
	all        = repo.Lessons
	single     = repo.Lessons[1:4] // and with one loop
	multi      = repo.Lessons[4:]
	bigMessage = 40_000
)

// Scripts are those whose recordings are kept.
var Scripts = []Script{
	{
		Name: "one-client", Lessons: all,
		About: "One client connects, gets its bytes back, and leaves.",
		Steps: []Step{
			{Who: "alice", Does: Connects, Text: "alice connects."},
			{Who: "alice", Does: Sends, Data: "hello\n", Text: "alice sends 6 bytes, and gets them back."},
			{Who: "alice", Does: Closes, Text: "alice leaves."},
		},
	},
	{
		Name: "two-clients", Lessons: all,
		About: "Two clients are connected, and take turns.",
		Steps: []Step{
			{Who: "alice", Does: Connects, Text: "alice connects."},
			{Who: "bob", Does: Connects, Text: "bob connects."},
			{Who: "alice", Does: Sends, Data: "hello\n", Text: "alice sends a line."},
			{Who: "bob", Does: Sends, Data: "hi\n", Text: "bob sends a line."},
			{Who: "alice", Does: Sends, Data: "again\n", Text: "alice sends another line."},
			{Who: "alice", Does: Closes, Text: "alice leaves."},
			{Who: "bob", Does: Closes, Text: "bob leaves."},
		},
	},
	{
		Name: "second-speaks-first", Lessons: all,
		About: "Of two clients the one that connected second speaks first.",
		Steps: []Step{
			{Who: "alice", Does: Connects, Text: "alice connects, and says nothing."},
			{Who: "bob", Does: Connects, Text: "bob connects."},
			{Who: "bob", Does: Sends, Data: "hi\n", Text: "bob sends a line."},
			{Who: "alice", Does: Closes, Text: "alice leaves without a word."},
			{Who: "bob", Does: Closes, Text: "bob leaves."},
		},
	},
	{
		Name: "message-larger-than-room", Lessons: all,
		About: "A client sends a message whose echo is larger than the room for it, and reads late.",
		Steps: []Step{
			{Who: "bob", Does: Connects, Text: "bob connects."},
			{Who: "alice", Does: Narrow, Text: "alice connects. She has little room for what comes back."},
			{Who: "alice", Does: Deaf, Data: "x", Size: bigMessage, Text: "alice sends 40,000 bytes, and does not read."},
			{Who: "bob", Does: Sends, Data: "hi\n", Text: "bob sends a line."},
			{Who: "bob", Does: Closes, Text: "bob leaves."},
			{Who: "carol", Does: Connects, Text: "carol connects."},
			{Who: "carol", Does: Sends, Data: "hey\n", Text: "carol sends a line."},
			{Who: "alice", Does: Reads, Text: "alice reads, until all of her bytes are back."},
			{Who: "alice", Does: Closes, Text: "alice leaves."},
			{Who: "carol", Does: Closes, Text: "carol leaves."},
		},
	},
	{
		Name: "half-close", Lessons: all,
		About: "A client sends all that it has to say, and then reads to the end.",
		Steps: []Step{
			{Who: "alice", Does: Connects, Text: "alice connects."},
			{Who: "alice", Does: Sends, Data: "hello\n", Text: "alice sends a line."},
			{Who: "alice", Does: HalfCloses, Text: "alice half-closes: she sends nothing more, and reads until the end."},
			{Who: "alice", Does: Closes, Text: "alice closes the other half."},
		},
	},
	{
		Name: "reset", Lessons: all,
		About: "A client resets its connection, while another is connected.",
		Steps: []Step{
			{Who: "alice", Does: Connects, Text: "alice connects."},
			{Who: "bob", Does: Connects, Text: "bob connects."},
			{Who: "alice", Does: Sends, Data: "hello\n", Text: "alice sends a line."},
			{Who: "alice", Does: Resets, Text: "alice resets the connection, as a program does that ends with something unread."},
			{Who: "bob", Does: Sends, Data: "hi\n", Text: "bob sends a line."},
			{Who: "bob", Does: Closes, Text: "bob leaves."},
		},
	},
	{
		Name: "signal-in-a-wait", Lessons: repo.Lessons[:4],
		About: "A signal arrives in the middle of a wait. Go's runtime sends itself such signals, SIGURG.",
		Steps: []Step{
			{Who: "alice", Does: Connects, Text: "alice connects."},
			{Does: Urgent, Text: "The thread that waits gets a signal, SIGURG."},
			{Who: "alice", Does: Sends, Data: "hello\n", Text: "alice sends a line."},
			{Who: "alice", Does: Closes, Text: "alice leaves."},
		},
	},
	{
		Name: "crowd-edge", Lessons: single,
		About: "The server runs out of descriptors, as it would at 1,024 of them.",
		Steps: []Step{
			{Who: "alice", Does: Connects, Text: "alice connects."},
			{Who: "bob", Does: Connects, Text: "bob connects."},
			{Does: Limit, Text: "The server's limit on descriptors is lowered: it may open no more than now."},
			{Who: "carol", Does: Connects, Text: "carol connects. There is no descriptor for her, so the server stops watching its socket for a while."},
			{Does: Rests, Text: "After 100 ms it watches the socket again, and tries in vain."},
			{Who: "alice", Does: Closes, Text: "alice leaves. Her descriptor is carol's now."},
			{Who: "carol", Does: Sends, Data: "hey\n", Text: "carol sends a line."},
			{Who: "carol", Does: Closes, Text: "carol leaves."},
			{Who: "bob", Does: Closes, Text: "bob leaves."},
		},
	},
	{
		Name: "four-clients", Lessons: single,
		About: "Four clients are connected. Two speak, and one leaves.",
		Steps: []Step{
			{Who: "alice", Does: Connects, Text: "alice connects."},
			{Who: "bob", Does: Connects, Text: "bob connects."},
			{Who: "carol", Does: Connects, Text: "carol connects."},
			{Who: "dave", Does: Connects, Text: "dave connects."},
			{Who: "carol", Does: Sends, Data: "hey\n", Text: "carol sends a line."},
			{Who: "alice", Does: Sends, Data: "hello\n", Text: "alice sends a line."},
			{Who: "bob", Does: Closes, Text: "bob leaves."},
			{Who: "alice", Does: Closes, Text: "alice leaves."},
			{Who: "carol", Does: Closes, Text: "carol leaves."},
			{Who: "dave", Does: Closes, Text: "dave leaves."},
		},
	},
	{
		Name: "nine-of-ten-idle", Lessons: repo.Lessons[:4],
		About: "Ten clients are connected, and only the last of them speaks.",
		Steps: slices.Concat(everybody(Connects, " connects."), []Step{
			{Who: "judy", Does: Sends, Data: "one\n", Text: "judy sends a line."},
			{Who: "judy", Does: Sends, Data: "two\n", Text: "judy sends a second line."},
		}, everybody(Closes, " leaves.")),
	},
	{
		Name: "told-to-stop", Lessons: all,
		About: "The server is told to stop while it owes a client a part of its echo.",
		Steps: []Step{
			{Who: "bob", Does: Connects, Text: "bob connects."},
			{Who: "bob", Does: Sends, Data: "hi\n", Text: "bob sends a line."},
			{Who: "alice", Does: Narrow, Text: "alice connects. She has little room for what comes back."},
			{Who: "alice", Does: Deaf, Data: "x", Size: bigMessage, Text: "alice sends 40,000 bytes, and does not read."},
			{Does: Stops, Text: "The server is told to stop: it gets SIGTERM."},
			{Who: "bob", Does: Closes, Text: "bob leaves."},
			{Who: "alice", Does: Reads, Text: "alice reads, until all of her bytes are back."},
			{Who: "alice", Does: Closes, Text: "alice leaves."},
		},
	},
	arrival("shared"),
	arrival("exclusive", "-loop=epoll"),
	arrival("reuseport"),
	{
		Name: "worker-killed", Lessons: multi, Wants: apart,
		About: "The worker that serves a client is killed. The other client does not notice.",
		Steps: []Step{
			{Who: "alice", Does: Connects, Text: "alice connects."},
			{Who: "bob", Does: Connects, Text: "bob connects, and another worker serves him."},
			{Who: "alice", Does: Kills, Log: "started", Text: "alice's worker is killed, with SIGKILL. A new one takes its place."},
			{Who: "bob", Does: Sends, Data: "hi\n", Text: "bob sends a line."},
			{Who: "bob", Does: Closes, Text: "bob leaves."},
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
func arrival(listen string, flags ...string) Script {
	return Script{
		Name: "four-workers-one-arrival-" + listen, Lessons: multi,
		About:  "Four workers wait, and one client arrives.",
		Flags:  append(flags, "-listen="+listen),
		Strace: []string{"-e", "inject=accept4:delay_enter=300000"},
		Steps: []Step{
			{Who: "alice", Does: Connects, Text: "alice connects."},
			{Who: "alice", Does: Sends, Data: "hello\n", Text: "alice sends a line."},
			{Who: "alice", Does: Closes, Text: "alice leaves."},
		},
	}
}

func everybody(does Action, text string) (steps []Step) {
	for _, who := range []string{"alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy"} {
		steps = append(steps, Step{Who: who, Does: does, Text: who + text})
	}
	return steps
}
