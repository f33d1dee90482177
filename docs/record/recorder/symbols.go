//go:build linux

package recorder

import (
	"debug/elf"
	"debug/gosym"
	"fmt"
	"os"
	"path"
	"regexp"
	"strings"

	"example.com/echo/docs/recording"
	"example.com/echo/docs/repo"
)

// project begins the names of this project's packages; a path from the root
// follows.
const project = "example.com/echo/"

// symbols tell the function, file and line of an address in a program.
type symbols struct {
	table *gosym.Table
	base  uint64 // where the program's file begins in memory
	root  repo.Root
	texts map[string][]string // of source files, by line
}

func readSymbols(program string, root repo.Root) (*symbols, error) {
	file, err := elf.Open(program)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines, text := file.Section(".gopclntab"), file.Section(".text")
	if lines == nil || text == nil {
		return nil, fmt.Errorf("%s: no table of lines", program)
	}
	data, err := lines.Data()
	if err != nil {
		return nil, err
	}
	s := &symbols{root: root, texts: map[string][]string{}}
	for _, segment := range file.Progs {
		if segment.Type == elf.PT_LOAD && segment.Off == 0 {
			s.base = segment.Vaddr
		}
	}
	s.table, err = gosym.NewTable(nil, gosym.NewLineTable(data, text.Addr))
	return s, err
}

// frames returns the functions, files and lines that return addresses belong
// to. strace counts addresses from the beginning of the file; each call is one
// instruction earlier.
func (s *symbols) frames(addresses []uint64) (frames []recording.Frame) {
	for _, address := range addresses {
		if file, line, function := s.table.PCToLine(address + s.base - 1); function != nil {
			frames = append(frames, recording.Frame{Function: function.Name, File: file, Line: line})
		}
	}
	return frames
}

// isOurs reports whether the frame is in this project's code.
func isOurs(f recording.Frame) bool { return strings.HasPrefix(f.File, project) }

// wrapper is what the compiler appends for the function that it makes of a go or
// a defer statement.
var wrapper = regexp.MustCompile(`\.(gowrap|deferwrap)\d+$`)

// version is in the paths of a module's files when it is built without the workspace.
var version = regexp.MustCompile(`@[^/]*`)

// finish shortens a frame of this project's, and adds the line's text.
func (s *symbols) finish(f recording.Frame) (recording.Frame, error) {
	f.File = version.ReplaceAllString(strings.TrimPrefix(f.File, project), "")
	f.Function = wrapper.ReplaceAllString(path.Base(f.Function), "")
	if s.texts[f.File] == nil {
		text, err := os.ReadFile(s.root.Path(f.File))
		if err != nil {
			return f, err
		}
		s.texts[f.File] = strings.Split(string(text), "\n")
	}
	if f.Line > len(s.texts[f.File]) {
		return f, fmt.Errorf("%s has no line %d", f.File, f.Line)
	}
	f.Text = strings.TrimSpace(s.texts[f.File][f.Line-1])
	return f, nil
}
