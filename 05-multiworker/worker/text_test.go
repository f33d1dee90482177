package worker

import (
	"bytes"
	_ "embed"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

//go:embed testdata/workers.tsv
var vectors string

// TestTextIsPythons holds the texts against those that CPython gave processes
// that ended with every status and by every signal, and threads.
func TestTextIsPythons(t *testing.T) { checkTexts(t, vectors) }

// TestTextIsThisPythons does so against the Python that is here.
func TestTextIsThisPythons(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip(err)
	}
	var stderr bytes.Buffer
	cmd := exec.Command(python, "testdata/workers.py")
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	checkTexts(t, string(out))
}

func checkTexts(t *testing.T, vectors string) {
	lines := strings.Split(strings.TrimSpace(vectors), "\n")
	if len(lines) < 100 {
		t.Fatalf("expected over 100 vectors, but there are %d", len(lines))
	}
	for _, line := range lines {
		f := strings.Split(line, "\t")
		if len(f) != 5 {
			t.Fatalf("expected 5 fields in the line %q", line)
		}
		var text string
		switch f[0] {
		case "thread":
			text = threadText(number(t, f[1]), f[2], number(t, f[3]))
		case "running":
			text = processText(f[1], number(t, f[2]), number(t, f[3]), nil)
		default:
			status := syscall.WaitStatus(number(t, f[0]))
			text = processText(f[1], number(t, f[2]), number(t, f[3]), &status)
		}
		if text != f[4] {
			t.Errorf("Python prints %s\n           but we %s", f[4], text)
		}
	}
}

func number(t *testing.T, digits string) int {
	t.Helper()
	n, err := strconv.Atoi(digits)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
