package faults

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"example.com/echo/01-blocking/echotest"
)

// TestFailureTellsWhereTheServerWaits has a client wait in vain, and reads what
// its failure says of the server.
func TestFailureTellsWhereTheServerWaits(t *testing.T) {
	t.Parallel()
	const loop = "01-blocking/blocking/loop.go"
	source, err := os.ReadFile("../../" + loop)
	if err != nil {
		t.Fatal(err)
	}
	before, _, found := strings.Cut(string(source), "client.Read(")
	if !found {
		t.Fatalf("%s does not call client.Read", loop)
	}
	want := fmt.Sprintf("the server is in read(6) of alice, %s:%d", loop, strings.Count(before, "\n")+1)
	echotest.Play(t, func(st *echotest.Stage) {
		st.Client("alice").Echo("hello")
		bob := st.Client("bob")
		st.Patience = func(*echotest.Failure) time.Duration { return echotest.ExpectedIdle }
		failure := st.Play(func(*echotest.Stage) { bob.Echo("hello") })
		if failure == nil {
			t.Fatal("expected bob to wait in vain, but he is served")
		}
		if st.Locate(failure); failure.Where != want {
			t.Errorf("expected bob's failure to tell %q, but it is\n%v", want, failure)
		}
	})
}
