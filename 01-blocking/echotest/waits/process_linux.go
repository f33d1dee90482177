//go:build amd64 || arm64

package waits

import (
	"debug/dwarf"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
)

// A process is another process, looked at from outside.
type process struct {
	pid    int
	memory *os.File
	debug  *dwarf.Data      // nil if the program is not a Go program
	bias   uint64           // by how much its addresses are higher than in its file
	places map[uint64]place // by return address, as far as they have been asked for
}

func open(pid int) (*process, error) {
	memory, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		return nil, err
	}
	p := &process{pid: pid, memory: memory, places: map[uint64]place{}}
	if err := p.openProgram(); err != nil {
		memory.Close()
		return nil, err
	}
	return p, nil
}

func (p *process) openProgram() error {
	program, err := elf.Open(fmt.Sprintf("/proc/%d/exe", p.pid))
	if err != nil {
		return err
	}
	defer program.Close()
	switch {
	case program.Class != elf.ELFCLASS64:
		return errors.New("not a 64-bit program")
	case program.Section(".go.buildinfo") == nil:
		return nil
	case program.Section(".debug_info") == nil:
		return errors.New("a Go program without debug information")
	}
	if p.debug, err = program.DWARF(); err != nil {
		return err
	}
	entry, err := p.entryPoint()
	p.bias = entry - program.Entry
	return err
}

func (p *process) isGo() bool { return p.debug != nil }

// entryPoint returns the address of the program's first instruction, which the
// kernel tells every process. Source: getauxval(3), AT_ENTRY.
func (p *process) entryPoint() (uint64, error) {
	const atEntry = 9
	pairs, err := os.ReadFile(fmt.Sprintf("/proc/%d/auxv", p.pid))
	for ; len(pairs) >= 16; pairs = pairs[16:] {
		if binary.NativeEndian.Uint64(pairs) == atEntry {
			return binary.NativeEndian.Uint64(pairs[8:]), nil
		}
	}
	return 0, errors.Join(errors.New("AT_ENTRY is missing"), err)
}

// word returns the word at an address of the process, and 0 if there is none.
func (p *process) word(address uint64) uint64 {
	var word [8]byte
	p.memory.ReadAt(word[:], int64(address))
	return binary.NativeEndian.Uint64(word[:])
}

// follow returns the return addresses in a list of frame records, as they are
// in the program's file. The list ends where the goroutine began.
func (p *process) follow(record uint64) (pcs []uint64) {
	for len(pcs) < 100 {
		pcs = append(pcs, p.word(record+8)-p.bias)
		callers := p.word(record)
		if callers <= record {
			break
		}
		record = callers
	}
	return pcs
}
