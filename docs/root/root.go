// Package root finds the repository, wherever inside of it a command is started.
package root

import (
	"errors"
	"os"
	"path/filepath"
)

// Find returns the nearest directory, from here upwards, that has a go.work. It
// is an error if there is none.
func Find() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.work")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("run it inside of the repository: no go.work is above")
		}
		dir = filepath.Dir(dir)
	}
}
