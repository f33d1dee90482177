package server

import "testing"

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
