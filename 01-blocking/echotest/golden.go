package echotest

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/echo/01-blocking/echotest/logfile"
	"example.com/echo/01-blocking/echotest/server"
	"github.com/google/go-cmp/cmp"
)

// path returns the path of a golden file.
func (l *Lesson) path(name string) (string, error) {
	dir, err := server.Lesson()
	return filepath.Join(dir, "testdata", l.Golden, name), err
}

// A line is compared as a whole: a difference shows both, not the letters in which
// they differ.
type line struct{ Text string }

func lines(text string) []line {
	var all []line
	for l := range strings.Lines(text) {
		all = append(all, line{strings.TrimSuffix(l, "\n")})
	}
	return all
}

// compare holds text against the golden file, or rewrites that with -update.
func (l *Lesson) compare(t *testing.T, name, text string) {
	t.Helper()
	path, err := l.path(name)
	if err != nil {
		t.Fatal(err)
	}
	isOwn := l.Command == "" && !l.ClientsOnly
	if *update && isOwn {
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, []byte(text), 0o666)); err != nil {
			t.Error(err)
		}
		return
	}
	golden, err := server.ReadFile(path)
	if err != nil {
		t.Errorf("%v; go test -update writes it", err)
		return
	}
	want := string(golden)
	if !isOwn {
		want, text = logfile.WithoutDescriptors(want), logfile.WithoutDescriptors(text)
	}
	if l.ClientsOnly {
		want, text = logfile.ClientLines(want), logfile.ClientLines(text)
	}
	if diff := cmp.Diff(lines(want), lines(text)); diff != "" {
		t.Errorf("%s is not as expected (-expected +came); go test -update writes it anew:\n%s", path, diff)
	}
}
