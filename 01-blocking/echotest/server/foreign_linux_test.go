package server

import "testing"

// TestRowsOfPorts holds a row of ports to being one process's.
func TestRowsOfPorts(t *testing.T) {
	first, mark, err := takeRow(rows - 1)
	if err != nil {
		t.Fatal(err)
	}
	defer mark.Close()
	second, other, err := takeRow(rows - 1)
	if err != nil {
		t.Fatal(err)
	}
	other.Close()
	if first == second {
		t.Errorf("two processes would use the ports from %d", first)
	}
}
