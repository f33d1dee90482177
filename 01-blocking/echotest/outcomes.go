package echotest

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// outcomes are what became of the scenarios in one run of a lesson's tests: the
// file that the behaviour matrix in docs is made of. It is a golden file like
// any other, so the matrix cannot say what the tests do not see.
type outcomes struct {
	mu    sync.Mutex
	lines map[string]string // by scenario
}

func (o *outcomes) served(sc Scenario) { o.add(sc, "served") }

func (o *outcomes) notToBeHad(sc Scenario, why string) { o.add(sc, "not to be had\t"+why) }

func (o *outcomes) failed(sc Scenario, f *Failure, limit Limit) {
	o.add(sc, fmt.Sprintf("fails\t%s expected %s, but %s\t%s", f.Who, f.Expected, f.Came, limit.Why))
}

func (o *outcomes) add(sc Scenario, what string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.lines[sc.Name] = sc.Name + "\t" + what + "\n"
}

// compare holds the outcomes against the lesson's golden file of them, if all
// scenarios were played: a run of a few says nothing of the rest.
func (o *outcomes) compare(t *testing.T, l *Lesson) {
	if l.Outcomes == "" || len(o.lines) < len(l.scenarios()) || t.Failed() {
		return
	}
	var b strings.Builder
	for _, sc := range l.scenarios() {
		b.WriteString(o.lines[sc.Name])
	}
	lesson := Lesson{Golden: "outcomes"} // whatever else l compares with
	lesson.compare(t, l.Outcomes+".tsv", b.String())
}
