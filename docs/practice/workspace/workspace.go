// Package workspace keeps what is the reader's: a copy of the lessons for each
// exercise that was begun, and how far the reader is. Whatever is killed at
// whatever moment, a file is there as it was, or as it is to be.
package workspace

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"example.com/echo/docs/repo"
	"golang.org/x/sys/unix"
)

// A Workspace is a folder of the reader's.
type Workspace struct {
	Dir  string
	root repo.Root
}

// A State is how far the reader is.
type State struct {
	Current string            `json:"current"` // the ID of an exercise; "" before the first
	Records map[string]Record `json:"exercises"`
}

// A Record is how far the reader is with an exercise that was begun.
type Record struct {
	Folder  string `json:"folder"`  // of the copy, in that of the workspace
	Sources string `json:"sources"` // which ones the copy was made from
	Done    bool   `json:"done"`
	Hints   int    `json:"hints"` // that were shown
	Log     string `json:"log"`   // what the server's ended with, when a scenario failed last
}

// Open opens a workspace, and makes its folder if there is none.
func Open(root repo.Root, dir string) (*Workspace, error) {
	return &Workspace{dir, root}, os.MkdirAll(dir, 0o777)
}

func (w *Workspace) statePath() string { return filepath.Join(w.Dir, "state.json") }

// State returns how far the reader is.
func (w *Workspace) State() (State, error) {
	s := State{Records: map[string]Record{}}
	text, err := os.ReadFile(w.statePath())
	if errors.Is(err, os.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &s)
		if err != nil {
			err = fmt.Errorf("%s is damaged (%w): delete it, and your copies stay, but not which are done", w.statePath(), err)
		}
	}
	return s, err
}

// Update changes the state. Another program may do so at the same time.
func (w *Workspace) Update(change func(*State)) error {
	unlock, err := w.lock()
	if err != nil {
		return err
	}
	defer unlock()
	s, err := w.State()
	if err != nil {
		return err
	}
	change(&s)
	text, err := json.MarshalIndent(s, "", "\t")
	if err != nil {
		return err
	}
	temporary := w.statePath() + ".new"
	if err := os.WriteFile(temporary, append(text, '\n'), 0o666); err != nil {
		return err
	}
	return os.Rename(temporary, w.statePath())
}

// lock keeps others from changing the workspace, until unlock is called or this
// process ends.
func (w *Workspace) lock() (unlock func(), err error) {
	dir, err := os.Open(w.Dir)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(dir.Fd()), unix.LOCK_EX); err != nil {
		dir.Close()
		return nil, fmt.Errorf("%s: flock: %w", w.Dir, err)
	}
	return func() { dir.Close() }, nil
}
