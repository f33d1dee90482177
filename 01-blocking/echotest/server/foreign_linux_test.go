package server

import (
	"fmt"
	"net"
	"os"
	"testing"
)

const listenOn = "SERVER_TEST_LISTEN_ON"

// TestMain is a server where a test has started this program as one.
func TestMain(m *testing.M) {
	if addr := os.Getenv(listenOn); addr != "" {
		if _, err := net.Listen("tcp", addr); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		select {}
	}
	os.Exit(m.Run())
}

// TestServingProcess holds the harness to finding the process that serves, also
// where it was noted before those that wait for it.
func TestServingProcess(t *testing.T) {
	s, err := StartForeign(fmt.Sprintf(`sh -c '%s={addr} "%s"; exit'; exit`, listenOn, os.Args[0]))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Kill()
	all := s.Processes()
	if len(all) != 3 {
		t.Fatalf("expected two shells and the server, found the processes %v", all)
	}
	listening, err := s.listening(all)
	if err != nil || len(listening) != 1 {
		t.Fatalf("expected one of them to listen, found %v (%v)", listening, err)
	}
	s.strays = listening
	if ok, err := s.isListening(); !ok || err != nil || s.main != listening[0] {
		t.Errorf("expected that %v serves, but it is %d of %v (%v, %v)", listening, s.main, all, ok, err)
	}
}

// TestRowsOfPorts holds a row of ports to being one process's.
func TestRowsOfPorts(t *testing.T) {
	first, err := takeRow(rows - 1)
	if err != nil {
		t.Fatal(err)
	}
	defer first.mark.Close()
	second, err := takeRow(rows - 1)
	if err != nil {
		t.Fatal(err)
	}
	second.mark.Close()
	if first.first == second.first {
		t.Errorf("two processes would use the ports from %d", first.first)
	}
}
