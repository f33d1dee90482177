package faults

import (
	"bytes"
	"fmt"
	"io"
	"testing"
	"time"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/logfile"
	"example.com/echo/01-blocking/echotest/server"
)

// Fair tests that the lesson's program, with one loop, serves
// 100 clients that say little between two messages of one that floods it.
func Fair(t *testing.T, args ...string) {
	echotest.Play(t, func(st *echotest.Stage) {
		flooder := st.Client("flooder")
		for range 40 { // the kernel makes room for clients that have much to say
			flooder.Echo(string(bytes.Repeat([]byte("much to say "), 10_000)))
		}
		var pingers []*echotest.Client
		for i := range 100 {
			c := st.Client(fmt.Sprintf("pinger-%d", i+1))
			c.Echo("hello")
			pingers = append(pingers, c)
		}
		flood := bytes.Repeat([]byte("!"), 300_000)
		done := make(chan struct{})
		st.AtOnce(func() {
			flooder.Send(string(flood))
			for _, c := range pingers {
				c.Send("ping")
			}
			go func() {
				defer close(done)
				flooder.Conn.SetDeadline(time.Now().Add(server.Patience))
				for range 10 {
					flooder.Conn.Write(flood)
				}
			}()
		})
		go io.Copy(io.Discard, flooder.Conn)
		for _, c := range pingers {
			c.Expect("ping")
			st.ExpectLog(logfile.DataSent, c)
		}
		if n := floodsBeforeLastPing(events(t, st)); n > 1 {
			t.Errorf("expected every ping to be answered after at most one message of the flooder's, but there were %d before the last", n)
		}
		<-done
		flooder.Reset()
	}, args...)
}

func floodsBeforeLastPing(events []logfile.Event) int {
	floods, before := 0, 0
	for _, e := range events {
		switch {
		case e.Kind != logfile.DataSent:
		case e.Data[0] == '!':
			floods++
		case string(e.Data) == "ping":
			before = floods
		}
	}
	return before
}
