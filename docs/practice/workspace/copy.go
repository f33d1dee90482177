package workspace

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"example.com/echo/docs/practice/exercise"
	"example.com/echo/docs/repo"
)

// A Copy is a small workspace of Go's with the sources of a lesson's program and
// of those before it, for one exercise.
type Copy struct {
	Dir   string
	IsOld bool // the repository's sources are not those that it was made from
}

// Path returns the path of a file that is named from the root.
func (c Copy) Path(name string) string { return filepath.Join(c.Dir, filepath.FromSlash(name)) }

// Begin makes the exercise the current one, and returns its copy.
func (w *Workspace) Begin(e *exercise.Exercise) (Copy, error) {
	c, err := w.Copy(e)
	if err != nil {
		return c, err
	}
	return c, w.Update(func(s *State) { s.Current = e.ID })
}

// Copy returns the copy of an exercise, and makes it if there is none yet.
func (w *Workspace) Copy(e *exercise.Exercise) (Copy, error) {
	files, err := w.files(e)
	if err != nil {
		return Copy{}, err
	}
	state, err := w.State()
	if err != nil {
		return Copy{}, err
	}
	sources := hash(files)
	record, isBegun := state.Records[e.ID]
	if !isBegun {
		record = Record{Folder: e.Name, Sources: sources}
	}
	c := Copy{Dir: filepath.Join(w.Dir, record.Folder), IsOld: record.Sources != sources}
	_, err = os.Stat(c.Dir)
	isGone := errors.Is(err, os.ErrNotExist)
	if isGone {
		record.Sources, c.IsOld = sources, false
		err = w.make(c.Dir, files)
	}
	if err != nil || isBegun && !isGone {
		return c, err
	}
	return c, w.Update(func(s *State) { s.Records[e.ID] = record })
}

// Check returns an error if something is missing in the copy that the reader had
// at the beginning.
func (w *Workspace) Check(c Copy, e *exercise.Exercise) error {
	files, err := w.files(e)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if c.IsOld && name != "go.work" && name != e.File {
			continue // it may never have been there
		}
		if _, err := os.Stat(c.Path(name)); err != nil {
			return fmt.Errorf("%s is missing: `go run ./docs/practice reset` makes the copy anew", c.Path(name))
		}
	}
	return nil
}

// Reset makes the copy of an exercise anew. The one before is kept, in the folder
// that is returned; "" if there was none.
func (w *Workspace) Reset(e *exercise.Exercise) (kept string, err error) {
	state, err := w.State()
	if err != nil {
		return "", err
	}
	if record, ok := state.Records[e.ID]; ok {
		dir := filepath.Join(w.Dir, record.Folder)
		kept = dir + ".old"
		if err := os.RemoveAll(kept); err != nil {
			return "", err
		}
		err := os.Rename(dir, kept)
		if errors.Is(err, os.ErrNotExist) {
			kept, err = "", nil
		}
		if err != nil {
			return "", err
		}
	}
	if err := w.Update(func(s *State) { delete(s.Records, e.ID) }); err != nil {
		return kept, err
	}
	_, err = w.Begin(e)
	return kept, err
}

// make makes a folder with files: all of them, or no folder at all.
func (w *Workspace) make(dir string, files map[string][]byte) error {
	unlock, err := w.lock()
	if err != nil {
		return err
	}
	defer unlock()
	temporary := filepath.Join(w.Dir, ".new")
	if err := os.RemoveAll(temporary); err != nil { // of one that was killed
		return err
	}
	for name, text := range files {
		to := filepath.Join(temporary, filepath.FromSlash(name))
		err := os.MkdirAll(filepath.Dir(to), 0o777)
		if err == nil {
			err = os.WriteFile(to, text, 0o666)
		}
		if err != nil {
			os.RemoveAll(temporary)
			return err
		}
	}
	return os.Rename(temporary, dir)
}

// files returns the files that the reader gets: what the lesson's program is
// built from, without tests.
func (w *Workspace) files(e *exercise.Exercise) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, lesson := range repo.Lessons[:e.Index()+1] {
		err := fs.WalkDir(w.root.FS(), lesson, func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir():
				if slices.Contains([]string{"echotest", "workertest", "faults", "testdata"}, entry.Name()) {
					return fs.SkipDir
				}
			case isSource(name):
				files[name], err = os.ReadFile(w.root.Path(name))
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	for name, text := range e.Given {
		files[name] = []byte(text)
	}
	work, err := os.ReadFile(w.root.Path("go.work"))
	if err != nil {
		return nil, err
	}
	var kept bytes.Buffer
	for line := range bytes.Lines(work) {
		dir := strings.TrimPrefix(strings.TrimSpace(string(line)), "./")
		if isOther := dir == "docs" || repo.LessonOf(dir) > e.Index(); !isOther {
			kept.Write(line)
		}
	}
	files["go.work"] = kept.Bytes()
	return files, nil
}

func isSource(name string) bool {
	switch path.Ext(name) {
	case ".go":
		return !strings.HasSuffix(name, "_test.go")
	case ".mod", ".sum":
		return true
	}
	return false
}

// hash returns a text that is another one for other files.
func hash(files map[string][]byte) string {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(h, "%s %d\n%s", name, len(files[name]), files[name])
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:8])
}
