package waits

import (
	"encoding/binary"

	"golang.org/x/sys/unix"
)

// stack returns the return addresses on the stack of a thread that is blocked
// in a system call, innermost first.
//
// The function that makes Go's system calls keeps no frame record, so sp points
// to its return address. Its caller's record is further up, but only the frame
// pointer (BP) says where, and the kernel does not show it. Stale records, of
// functions that have returned, may lie in between. So take the first record
// whose return address follows a call of this caller.
func (p *process) stack(sp uint64) []uint64 {
	pc := p.word(sp) - p.bias
	caller := p.place(pc).entry
	for record := sp + 8; caller != 0 && record < sp+512; record += 8 {
		if p.called(p.word(record+8)) == caller+p.bias {
			return append([]uint64{pc}, p.follow(record)...)
		}
	}
	return nil
}

// called returns what the instruction before a return address calls, and 0 if
// it is not CALL with a relative address.
func (p *process) called(returnAddress uint64) uint64 {
	var code [5]byte
	p.memory.ReadAt(code[:], int64(returnAddress-5))
	if code[0] != 0xe8 {
		return 0
	}
	return returnAddress + uint64(int32(binary.LittleEndian.Uint32(code[1:])))
}

func init() { // calls that younger processors do without
	aboutDescriptor[unix.SYS_EPOLL_WAIT] = "epoll_wait"
	aboutNone[unix.SYS_SELECT] = "select"
	aboutNone[unix.SYS_POLL] = "poll"
}
