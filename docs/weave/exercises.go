package main

import (
	"fmt"
	"strings"

	"example.com/echo/docs/practice/exercise"
)

// exercises makes a table of what there is to repair and to rebuild in a lesson:
//
//	exercises 02-select
func (r *request) exercises() (string, error) {
	if err := r.want("LESSON"); err != nil {
		return "", err
	}
	all, err := exercise.All(r.root)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("| | exercises |\n| --- | --- |\n")
	for _, kind := range []exercise.Kind{exercise.Repair, exercise.Rebuild} {
		var names []string
		for _, e := range all {
			if e.Lesson.Name == r.args[0] && e.Kind == kind {
				names = append(names, "`"+e.Name+"`")
			}
		}
		if len(names) == 0 {
			return "", fmt.Errorf("there is nothing to %s in %q", kind, r.args[0])
		}
		fmt.Fprintf(&b, "| %s | %s |\n", kind, strings.Join(names, ", "))
	}
	return b.String(), nil
}
