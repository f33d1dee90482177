package waits

// stack returns the return addresses on the stack of a thread that is blocked
// in a system call, innermost first.
//
// A function's frame record begins one word below its stack pointer. The
// function that makes Go's system calls keeps none and leaves the stack pointer
// as it is, so the first record is its caller's.
func (p *process) stack(sp uint64) []uint64 { return p.follow(sp - 8) }
