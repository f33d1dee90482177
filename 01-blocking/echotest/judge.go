package echotest

import (
	"fmt"

	"example.com/echo/01-blocking/echotest/server"
)

// A Verdict is what a scenario finds of a server that is not a lesson's.
type Verdict struct {
	Failure    error  // nil if it passed
	Remark     string // what else there is to say of one that passed: its limit
	Transcript string // what the clients did and got
}

// Judge plays a scenario against the server that a command starts, as
// server.StartForeign does. The server need not do what the lessons do, only what
// the scenario is about.
func Judge(command string, sc Scenario) Verdict {
	s, err := server.StartForeign(command)
	if err != nil {
		return Verdict{Failure: err}
	}
	defer s.Kill()
	st := &Stage{Server: s}
	defer st.CloseClients()
	return st.judge(sc)
}

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
		failure = st.expectOrder()
	}
	v.Transcript = st.Transcript()
	if failure != nil {
		st.Locate(failure)
		v.Failure = failure
	}
	return v
}

// expectOrder expects the server to end in good order, if the scenario has told it
// to stop, and else to serve one more client. That one would be in the log.
func (st *Stage) expectOrder() *Failure {
	switch {
	case st.Server.IsToldToEnd():
		return st.EndOfServer()
	case st.Server.Logs():
		return nil
	}
	return st.Play(func(*Stage) {
		last := st.Client("one more client")
		last.Echo("hello")
		last.Leave()
	})
}

// EndOfServer waits until the server, which was told to end and has no clients any
// more, has ended with status 0. It returns how it failed to, or nil.
func (st *Stage) EndOfServer() *Failure {
	slow := ServerFailure("to end when it is told to and nobody is left", "")
	if !st.Server.AwaitEnd(st.PatienceFor(slow)) {
		slow.Came = st.Server.Stays()
		return slow
	}
	if st.Server.ExitCode() != 0 {
		return ServerFailure("to end with exit status 0", "it ended with "+st.Server.End())
	}
	return nil
}

// limitOfClients is Limit for a scenario of many clients who stay: a server may
// serve only so many at once. The next one waits, or is turned away, and when one
// of the others leaves there is room again.
func limitOfClients(st *Stage, f *Failure) string {
	const fewest = 100 // less is no server for many
	served := len(st.clients) - 1
	if served < fewest || f.Cause != nil || f.Who != st.clients[served].Name {
		panic(f)
	}
	st.ExpectIdle()
	st.clients[0].Leave()
	st.ExpectIdle() // it has noticed: a process may have served that client alone
	remark := fmt.Sprintf("served %d at once, ", served)
	if f.Came == nothing {
		st.clients[served].Expect("hello")
		remark += "the next waited until one of them left"
	} else {
		st.clients[served].Close()
		next := st.Client("one more client")
		if !next.EchoOrLoss("hello") {
			next.Fail("to be served, as another client has left", "it was turned away")
		}
		remark += "the next was turned away"
	}
	if served > 1000 && served < 1024 {
		remark += ": 1,024 descriptors are the limit of select, and often of a process (ulimit -n)"
	}
	return remark
}
