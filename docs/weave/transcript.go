package main

import (
	"errors"
	"fmt"
	"io/fs"

	"example.com/echo/docs/recording"
)

// transcript makes a block of what the kernel saw, from recordings:
//
//	transcript [steps=2-4] [lines=1-3] [cut=100] LESSON [LESSON2] SCRIPT
//
// Steps are counted from 1; step 0 is the start of the server.
func (r *request) transcript() (string, error) {
	if err := r.want("LESSON", "[LESSON2]", "SCRIPT"); err != nil {
		return "", err
	}
	names, script := r.args[:len(r.args)-1], r.args[len(r.args)-1]
	var lessons []*recording.Recording
	for _, name := range names {
		lesson, err := recording.Load(r.root.FS(), name, script)
		if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("there is no recording %s; go run ./docs/record -list prints the scripts, and the lessons that can play them",
				recording.Path(name, script))
		}
		if err == nil {
			err = lesson.Stale(r.root.FS())
		}
		if err != nil {
			return "", err
		}
		lessons = append(lessons, lesson)
	}
	first, last := 0, len(lessons[0].Steps)-1
	if wanted := r.option("steps"); wanted != "" {
		var ok bool
		if first, last, ok = between(wanted, first, last); !ok {
			return "", fmt.Errorf("steps=%s: want steps of 0 to %d", wanted, len(lessons[0].Steps)-1)
		}
	}
	return r.block("text", recording.Transcript(first, last, lessons...))
}
