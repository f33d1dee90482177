// Package echotest drives an echo server with raw TCP clients and compares its
// log with a golden file. The server is a process of its own, in any language;
// the scenarios stand here once, and every lesson faces all of them.
//
// Read scenarios.go first: the stories. Then client.go, what a client can do;
// stage.go, where a story plays; failure.go, how it is told what went wrong; and
// run.go, how a lesson's tests play all of them. The other files are details of
// these: stall.go and urgent.go of the client, transcript.go of the stage,
// golden.go, outcomes.go and judge.go of the run.
//
// To add a scenario: write it into scenarios.go, with a name that no other
// contains; go test ./0N-name -update, without -run, writes what the lessons log;
// look at it; go run ./docs/weave takes it into the pages. If its order differs
// from run to run, give it another View.
//
// Other rooms have what a reader of the scenarios need not know. Each imports
// only rooms that stand before it in this list:
//
//	scratch      directories for the programs that tests build
//	waits        what a process is waiting in, down to the line
//	procfs       what the kernel knows of processes and their sockets
//	logfile      the event log taken apart, and shown with names
//	stream       bytes in which whatever is lost, repeated or swapped shows
//	server       the server under test: building, starting and ending it
//	echotest     this one
//	faults       what is hard on a server on purpose: faults, limits, stuck clients
//	random       clients that do random things
//	commandline  flags, exit status, and a log that nobody reads
//	allocations  echoes that allocate nothing
//	mutants      programs with a fault put in, and who notices
package echotest
