package echotest

import (
	"fmt"
	"slices"
	"testing"

	"example.com/echo/01-blocking/echotest/server"
)

// A Verdict is what a scenario finds of a server that is not ours.
type Verdict struct {
	Failure error  // nil if it passed
	Remark  string // what else there is to say of one that passed: its limit
}

// Judge plays a scenario against the server that a command starts, as
// server.StartForeign does.
func Judge(command string, sc Scenario) Verdict {
	s, err := server.StartForeign(command)
	if err != nil {
		return Verdict{Failure: err}
	}
	defer s.Kill()
	return (&Stage{Server: s}).judge(sc)
}

// judge plays a scenario against a server that is not ours: it need not do what
// our lessons can, only what the scenario is about.
func (st *Stage) judge(sc Scenario) (v Verdict) {
	failure := st.Play(sc.Play)
	if failure != nil && sc.Limit != nil {
		failed := failure
		failure = st.Play(func(*Stage) { v.Remark = sc.Limit(st, failed) })
	}
	if failure == nil {
		failure = st.Clear()
	}
	if failure == nil {
		failure = st.Play((*Stage).expectOrder)
	}
	if failure != nil {
		st.Locate(failure)
		v = Verdict{Failure: failure}
	}
	return v
}

// expectOrder expects the server to end with status 0, if the scenario has told
// it to stop, and else to serve one more client. That one would be in the log.
func (st *Stage) expectOrder() {
	s := st.Server
	switch {
	case !s.IsToldToEnd() && !s.Logs():
		last := st.Client("one more client")
		last.Echo("hello")
		last.Leave()
	case s.IsToldToEnd() && !s.AwaitEnd(server.Idle):
		panic(ServerFailure("to end when it is told to and nobody is left", s.Stays()))
	case s.IsToldToEnd() && s.Status() != "exit status 0":
		panic(ServerFailure("to end with exit status 0", s.Status()))
	}
}

// judge plays a scenario against a server that need not be like ours. Only if it
// writes our log, that is compared too.
func (l *Lesson) judge(t *testing.T, sc Scenario) {
	s, err := server.StartForeign(l.Command)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Kill()
	if slices.Contains(sc.Needs, Log) && !s.Logs() {
		t.Skipf("needs %s", Log)
	}
	stage := &Stage{Server: s}
	verdict := stage.judge(sc)
	if verdict.Failure != nil {
		t.Fatal(verdict.Failure)
	}
	if verdict.Remark != "" {
		t.Log(verdict.Remark)
	}
	if s.Logs() {
		s.Stop()
		l.compareLog(t, sc, stage)
	}
}

// limitOfClients is Limit for a scenario of many clients who stay: a server may
// serve only so many at once. The next one waits, or is turned away, and when one
// of the others leaves there is room again.
func limitOfClients(st *Stage, f *Failure) string {
	const fewest = 100 // less is no server for many
	last := len(st.clients) - 1
	if last < fewest || f.Who != st.clients[last].Name || f.Cause != nil {
		panic(f)
	}
	st.ExpectIdle()
	st.clients[0].Leave()
	remark := fmt.Sprintf("served %d clients at once; ", last)
	if !f.isLoss {
		st.clients[last].Expect("hello")
		return remark + "the next one waited until one of them left"
	}
	st.clients[last].Close()
	st.Client("one more client").Echo("hello")
	return remark + "it turned the next one away"
}

// limitOfDescriptors is Limit for a client for whom there was no descriptor: it
// may be turned away, if the next one is served when there are descriptors again.
func limitOfDescriptors(st *Stage, f *Failure) string {
	bob := st.clients[len(st.clients)-1]
	if f.Who != bob.Name || !f.isLoss || f.Cause != nil {
		panic(f)
	}
	st.giveBack()
	bob.Close()
	st.Client("carol").Echo("hello")
	return "without a descriptor for it, the server turned a client away instead of letting it wait"
}
