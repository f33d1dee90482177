// Package lessons has what each lesson's program faces: scenarios, and the faults
// that they must notice.
package lessons

import (
	"slices"

	"example.com/echo/01-blocking/echotest/mutants"
	"example.com/echo/05-multiworker/workertest"
)

// All are the lessons, in the order of repo.Lessons.
var All = []mutants.Lesson{
	{Name: "01-blocking"}, {Name: "02-select"}, {Name: "03-poll"}, {Name: "04-epoll"},
	{Name: "05-multiworker", Workers: true, Scenarios: slices.Concat(workertest.Scenarios, workertest.Traps)},
}
