// Package waits tells where another process waits: for each thread that is
// blocked in a system call, the call and its descriptor, and for Go programs
// the lines of this project that led to it. So a test that fails can say what
// the server does instead of answering.
//
// It only reads, from /proc and from the program's file; the process is not
// stopped. The kernel lets a process look at its own children, and a server
// under test is one. Linux only, amd64 and arm64.
//
// Three things are read, one after the other:
//
//   - /proc/PID/task/TID/syscall: the number of the system call, its arguments,
//     and the thread's stack pointer. Source: proc(5).
//   - /proc/PID/mem: the thread's stack. Each Go function that calls another
//     keeps a frame record there, of two words: the address of its caller's
//     record, and its return address. The records form a linked list. Source:
//     go.dev/s/regabi, "Stack layout".
//   - DWARF, the debug information in the program's file: the function, file and
//     line of a return address. It also lists the calls that the compiler
//     inlined, which leave no record. Source: the DWARF 5 standard, section 3.3.
package waits

// A Wait is a system call that a thread is blocked in.
type Wait struct {
	Call   string  // as its manual page is called: select, even if it is pselect6
	FD     int     // the descriptor that the call is about; -1 if none or several
	Frames []Frame // the calls in this project that led to it, innermost first
}

// A Frame is a call in a function that has not returned yet.
type Frame struct {
	Function string // with its package path
	File     string // from the root of the repository
	Line     int
}
