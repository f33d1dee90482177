package echotest

import (
	"bytes"
	"fmt"
	"io"
	"testing"
	"time"
)

// Fair tests that the program in the current directory, with one loop, serves
// 100 clients that say little between two messages of one that floods it.
func Fair(t *testing.T, args ...string) {
	Play(t, func(st *Stage) {
		flooder := st.Client("flooder")
		for range 40 { // the kernel makes room for clients that have much to say
			flooder.Echo(string(bytes.Repeat([]byte("much to say "), 10_000)))
		}
		var pingers []*Client
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
				flooder.conn.SetDeadline(time.Now().Add(Patience))
				for range 10 {
					flooder.conn.Write(flood)
				}
			}()
		})
		go io.Copy(io.Discard, flooder.conn)
		for _, c := range pingers {
			c.Expect("ping")
			st.ExpectLog(DataSent, c)
		}
		if n := floodsBeforeLastPing(events(t, st)); n > 1 {
			t.Errorf("expected every ping to be answered after at most one message of the flooder's, but there were %d before the last", n)
		}
		<-done
		flooder.Reset()
	}, args...)
}

func floodsBeforeLastPing(events []Event) int {
	floods, before := 0, 0
	for _, e := range events {
		switch {
		case e.Kind != DataSent:
		case e.Data[0] == '!':
			floods++
		case string(e.Data) == "ping":
			before = floods
		}
	}
	return before
}
