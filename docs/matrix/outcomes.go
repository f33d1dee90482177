// Package matrix makes the behaviour matrix: what becomes of every scenario in
// every lesson. It is made of the files that the lessons' tests keep of their
// outcomes, so it tells what they saw.
package matrix

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/05-multiworker/workertest"
	"example.com/echo/docs/repo"
)

// A Matrix has the lessons, and then lesson 5 in its other forms.
type Matrix []column

// A column is a server.
type column struct {
	title    string
	outcomes []outcome // in the order of the scenarios
	faced    []string  // the scenarios that its tests play, or say why they do not
}

// An outcome is what became of one scenario.
type outcome struct {
	scenario string
	served   bool
	how      string // it failed; "" if it does not apply
	why      string
}

// scenarios are all that a server can face, in the order of the page.
var scenarios = slices.Concat(echotest.Scenarios, workertest.Scenarios)

// Read reads the outcomes of all servers.
func Read(root repo.Root) (Matrix, error) {
	var columns Matrix
	for _, of := range []struct{ title, lesson, file string }{
		{"1 blocking", "01-blocking", "01-blocking"},
		{"2 select", "02-select", "02-select"},
		{"3 poll", "03-poll", "03-poll"},
		{"4 epoll", "04-epoll", "04-epoll"},
		{"5 workers", "05-multiworker", "process-select"},
		{"process poll", "05-multiworker", "process-poll"},
		{"process epoll", "05-multiworker", "process-epoll"},
		{"thread select", "05-multiworker", "thread-select"},
		{"thread poll", "05-multiworker", "thread-poll"},
		{"thread epoll", "05-multiworker", "thread-epoll"},
	} {
		text, err := os.ReadFile(root.Path(of.lesson + "/testdata/outcomes/" + of.file + ".tsv"))
		if err != nil {
			return nil, err
		}
		c := column{title: of.title}
		outcomes := map[string]outcome{}
		for line := range strings.Lines(string(text)) {
			o, err := parseOutcome(strings.TrimSuffix(line, "\n"))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", of.file, err)
			}
			outcomes[o.scenario] = o
			c.faced = append(c.faced, o.scenario)
		}
		for _, sc := range scenarios {
			o, ok := outcomes[sc.Name]
			if !ok { // it is one of lesson 5's own
				o = outcome{scenario: sc.Name}
			}
			c.outcomes = append(c.outcomes, o)
		}
		columns = append(columns, c)
	}
	return columns, nil
}

// Served returns the scenarios that a lesson serves, in the order of the page.
// lesson is its index in repo.Lessons.
func (m Matrix) Served(lesson int) (served []echotest.Scenario) {
	for i, o := range m[lesson].outcomes { // the lessons come first
		if o.served {
			served = append(served, scenarios[i])
		}
	}
	return served
}

func parseOutcome(line string) (outcome, error) {
	f := strings.Split(line, "\t")
	switch {
	case len(f) == 2 && f[1] == "served":
		return outcome{scenario: f[0], served: true}, nil
	case len(f) == 3 && f[1] == "not to be had":
		return outcome{scenario: f[0], why: f[2]}, nil
	case len(f) == 4 && f[1] == "fails":
		return outcome{scenario: f[0], how: f[2], why: f[3]}, nil
	}
	return outcome{}, fmt.Errorf("no outcome: %q", line)
}
