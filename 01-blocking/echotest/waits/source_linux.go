//go:build amd64 || arm64

package waits

import (
	"debug/dwarf"
	"path"
	"slices"
	"strings"
)

// The package paths of this project begin with this; the rest is a directory.
const project = "example.com/echo/"

// A place is where in the source a return address comes from.
type place struct {
	pkg    string  // the function's package
	entry  uint64  // where the function begins
	frames []Frame // of this project: the function, after those inlined there
}

// place returns the place that a return address comes from: an empty one for
// Go's runtime, whose debug information is large, and for what is no address of
// code.
func (p *process) place(pc uint64) place {
	at, known := p.places[pc]
	if known {
		return at
	}
	reader := p.debug.Reader()
	unit, err := reader.SeekPC(pc - 1) // the call itself may be the function's last instruction
	if err == nil && unit.Val(dwarf.AttrName) != "runtime" {
		if functions := p.functions(reader, pc); len(functions) > 0 {
			at.pkg = packageOf(p.name(functions[0]))
			at.entry, _ = functions[0].Val(dwarf.AttrLowpc).(uint64)
			at.frames = p.frames(unit, functions, pc)
		}
	}
	p.places[pc] = at
	return at
}

// functions returns the function that a return address lies in, and then those
// inlined around it, the innermost last. The reader stands in their unit.
func (p *process) functions(reader *dwarf.Reader, pc uint64) (found []*dwarf.Entry) {
	for {
		entry, err := reader.Next()
		if err != nil || entry == nil || entry.Tag == dwarf.TagCompileUnit {
			return found
		}
		if entry.Tag == dwarf.TagSubprogram || entry.Tag == dwarf.TagInlinedSubroutine {
			ranges, _ := p.debug.Ranges(entry)
			if slices.ContainsFunc(ranges, func(r [2]uint64) bool { return r[0] < pc && pc <= r[1] }) {
				found = append(found, entry)
			}
		}
	}
}

// frames returns the functions that are this project's, innermost first, each
// with the line that it is at.
func (p *process) frames(unit *dwarf.Entry, functions []*dwarf.Entry, pc uint64) (frames []Frame) {
	var at dwarf.LineEntry
	lines, err := p.debug.LineReader(unit)
	if err != nil || lines == nil || lines.SeekPC(pc-1, &at) != nil {
		return nil
	}
	file, line := at.File, at.Line
	for _, function := range slices.Backward(functions) {
		name := p.name(function)
		// The file may have been called anything when it was compiled, as with
		// -trimpath; its directory is that of the package.
		if dir, ok := strings.CutPrefix(packageOf(name), project); ok && file != nil {
			frames = append(frames, Frame{name, path.Join(dir, path.Base(file.Name)), line})
		}
		// If it is inlined, it says at which line of the next one.
		number, _ := function.Val(dwarf.AttrCallFile).(int64)
		callLine, _ := function.Val(dwarf.AttrCallLine).(int64)
		if files := lines.Files(); 0 <= number && number < int64(len(files)) {
			file, line = files[number], int(callLine)
		}
	}
	return frames
}

// name returns a function's name. If it is inlined anywhere, the name stands
// apart, once for all places.
func (p *process) name(function *dwarf.Entry) string {
	if origin, ok := function.Val(dwarf.AttrAbstractOrigin).(dwarf.Offset); ok {
		reader := p.debug.Reader()
		reader.Seek(origin)
		if entry, err := reader.Next(); err == nil && entry != nil {
			function = entry
		}
	}
	name, _ := function.Val(dwarf.AttrName).(string)
	return name
}

// packageOf returns the package path in a function's name, such as
// example.com/echo/03-poll/pollloop.(*loop).turn or a/b.Sum[go.shape.int].
func packageOf(function string) string {
	function, _, _ = strings.Cut(function, "[")
	slash := strings.LastIndex(function, "/") + 1
	last, _, _ := strings.Cut(function[slash:], ".")
	return function[:slash] + last
}
