//go:build linux

package load

import (
	"encoding/json"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// listen starts a server that does with each connection what serve does, and
// returns its address.
func listen(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				serve(conn)
			}()
		}
	}()
	return listener.Addr().String()
}

func echo(conn net.Conn) { io.Copy(conn, conn) }

// drive has clients do what the plan says, as often as starts says.
func drive(plan Plan, starts int) ([]Result, error) {
	var in, out strings.Builder
	commands := json.NewEncoder(&in)
	commands.Encode(plan)
	for range starts {
		commands.Encode(Start{})
	}
	err := Serve(strings.NewReader(in.String()), &out)
	answers := json.NewDecoder(strings.NewReader(out.String()))
	var word string
	answers.Decode(&word)
	var results []Result
	for {
		var r Result
		if answers.Decode(&r) != nil {
			return results, err
		}
		results = append(results, r)
	}
}

func TestEchoesAreCounted(t *testing.T) {
	t.Parallel()
	plan := Plan{Addr: listen(t, echo), Busy: 5, Idle: 250, Size: 64, Echoes: 1000}
	results, err := drive(plan, 2)
	if err != nil || len(results) != 2 {
		t.Fatalf("expected two results, but got %+v, %v", results, err)
	}
	for _, r := range results {
		if r.Echoes < 1000 || r.Echoes > 1000+256 || r.Elapsed <= 0 || r.Load <= 0 {
			t.Errorf("expected 1000 echoes, or those of a turn more, in some time, but got %+v", r)
		}
	}
}

func TestRateIsKept(t *testing.T) {
	t.Parallel()
	plan := Plan{Addr: listen(t, echo), Busy: 10, Size: 64, Rate: 1000, Echoes: 300}
	results, err := drive(plan, 1)
	if err != nil || len(results) != 1 {
		t.Fatalf("expected a result, but got %+v, %v", results, err)
	}
	r := results[0]
	// The first is sent at once, and the clock may begin a moment later.
	if atMost := r.Elapsed.Seconds()*1000 + 2; float64(r.Echoes) > atMost {
		t.Errorf("expected at most %.0f echoes in %v, but got %d", atMost, r.Elapsed, r.Echoes)
	}
	last := time.Duration(0)
	for _, percent := range []string{"50", "90", "99", "99.9", "100"} {
		if r.Latency[percent] < max(last, 1) {
			t.Errorf("expected latencies that rise from above zero, but got %v", r.Latency)
		}
		last = r.Latency[percent]
	}
}

// TestWrongBytes has servers answer something else than an echo: the clients
// must say so, or the figures would be of something else than echoes.
func TestWrongBytes(t *testing.T) {
	for name, test := range map[string]struct {
		serve func(conn net.Conn)
		want  string
	}{
		"changed": {func(conn net.Conn) {
			b := make([]byte, 4096)
			for number := 0; ; number++ {
				n, err := conn.Read(b)
				if err != nil {
					return
				}
				if number == 3 {
					b[n-1] ^= 1
				}
				conn.Write(b[:n])
			}
		}, "other bytes came back than were sent"},
		"repeated": {func(conn net.Conn) {
			b := make([]byte, 4096)
			for {
				n, err := conn.Read(b)
				if err != nil {
					return
				}
				conn.Write(append(b[:n:n], b[:n]...))
			}
		}, "other bytes came back than were sent"},
		// Or reset, if the next message has come by then.
		"closed": {func(conn net.Conn) { io.CopyN(conn, conn, 640) }, "connection"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := drive(Plan{Addr: listen(t, test.serve), Busy: 2, Size: 64, Echoes: 100_000}, 1)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("expected an error with %q, but got %v", test.want, err)
			}
		})
	}
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	addr := listen(t, echo)
	for name, plan := range map[string]Plan{
		"IPv4 address": {Addr: "[::1]:1", Busy: 1, Size: 64},
		"16 bytes":     {Addr: addr, Busy: 1, Size: 8},
		"connect":      {Addr: "127.0.0.1:1", Busy: 1, Size: 64},
	} {
		if _, err := drive(plan, 0); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%+v: expected an error with %q, but got %v", plan, name, err)
		}
	}
}
