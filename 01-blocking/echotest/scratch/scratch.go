// Package scratch has directories for the programs that tests build.
package scratch

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"syscall"
)

// ours is the directory of this process that has all others. The process holds a
// lock on it, which ends with the process, however that comes about.
var ours struct {
	mu   sync.Mutex
	dir  string
	lock *os.File
}

const pattern = "echotest-*"

// Dir returns a new directory where programs can run: below GOTMPDIR, as all that the
// go command builds, or below TMPDIR if GOTMPDIR is not set. RemoveAll removes it.
// If this process is killed before, the next one that calls Dir does.
func Dir() (string, error) {
	ours.mu.Lock()
	defer ours.mu.Unlock()
	if ours.dir == "" {
		base := os.Getenv("GOTMPDIR")
		if base == "" {
			base = os.TempDir()
		}
		removeOrphans(base)
		var err error
		if ours.dir, ours.lock, err = makeLocked(base); err != nil {
			return "", err
		}
	}
	return os.MkdirTemp(ours.dir, "")
}

// RemoveAll removes all directories that Dir has returned.
func RemoveAll() {
	ours.mu.Lock()
	defer ours.mu.Unlock()
	if ours.dir != "" {
		os.RemoveAll(ours.dir)
		ours.lock.Close()
		ours.dir = ""
	}
}

// makeLocked makes a directory in base and locks it. Another process may take it for
// an orphan in between, and remove it: then there is another try.
func makeLocked(base string) (dir string, lock *os.File, err error) {
	const tries = 10
	for range tries {
		if dir, err = os.MkdirTemp(base, pattern); err != nil {
			return "", nil, err
		}
		if lock, err = os.Open(dir); err != nil {
			continue
		}
		err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX)
		if _, gone := os.Stat(dir); err == nil && gone == nil {
			return dir, lock, nil
		}
		lock.Close()
		err = errors.Join(err, os.ErrNotExist)
	}
	return "", nil, err
}

// removeOrphans removes the directories in base whose process has ended: nobody
// holds a lock on them. Source: flock(2).
func removeOrphans(base string) {
	dirs, _ := filepath.Glob(filepath.Join(base, pattern))
	for _, dir := range dirs {
		d, err := os.Open(dir)
		if err != nil {
			continue // another user's, or another process was faster
		}
		if syscall.Flock(int(d.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			os.RemoveAll(dir)
		}
		d.Close()
	}
}
