package docs

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const harness = "01-blocking/echotest"

// isRoom reports whether a directory is one of the harness's packages.
func isRoom(dir string) bool { return dir == harness || strings.HasPrefix(dir, harness+"/") }

var roomLine = regexp.MustCompile(`(?m)^//\t(\w+) +\w`)

// TestHarnessPointsDownwards holds the rooms of the harness to the order in its
// doc comment: each imports only those before it.
func TestHarnessPointsDownwards(t *testing.T) {
	tr := repository(t)
	var rooms []string // directories, in order
	for _, match := range roomLine.FindAllStringSubmatch(string(tr.read(t, harness+"/doc.go")), -1) {
		if match[1] == path.Base(harness) {
			rooms = append(rooms, harness)
		} else {
			rooms = append(rooms, path.Join(harness, match[1]))
		}
	}
	for dir := range tr.dirs {
		if isRoom(dir) && !strings.Contains(dir, "/testdata") && !slices.Contains(rooms, dir) {
			t.Errorf("%s/doc.go: the list of rooms lacks %s", harness, dir)
		}
	}
	for _, room := range rooms {
		if !tr.dirs[room] {
			t.Errorf("%s/doc.go: the list has %s, which is not there", harness, room)
		}
	}
	for _, s := range tr.sources {
		place := slices.Index(rooms, path.Dir(s.path))
		if place < 0 {
			continue
		}
		for _, spec := range s.syntax.Imports {
			imported := strings.TrimPrefix(strings.Trim(spec.Path.Value, "`\""), modulePath)
			if isRoom(imported) && slices.Index(rooms, imported) >= place {
				t.Errorf("%s: imports %s, which does not stand before %s in the list of rooms", s.at(spec), imported, rooms[place])
			}
		}
	}
}
