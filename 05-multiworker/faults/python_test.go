package faults

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/server"
	"github.com/google/go-cmp/cmp"
)

// The scenarios that the Python original passes in the same words; it does not
// start workers again, and its select too ends at descriptor 1023.
var sameAsPython = []string{
	"echo", "every-byte", "byte-by-byte", "take-turns", "half-close", "silent-visitor",
	"second-speaks-first", "two-curls", "reset", "reset-among-others",
}

// Several Python workers tear each other's lines where these are longer than
// what a pipe takes at once (4,096 bytes). One alone does not.
var sameAsOnePython = append([]string{"long-stream", "never-reads"}, sameAsPython...)

// TestPythonLogsTheSame plays the scenarios against a Python server that is
// written from the original's description, and holds its log against the golden
// files of the Go servers.
func TestPythonLogsTheSame(t *testing.T) {
	t.Parallel()
	if err := exec.Command("python3", "-c", "import sys; assert sys.version_info >= (3, 11)").Run(); err != nil {
		t.Skipf("no python3 of version 3.11 or later: %v", err)
	}
	const original = "python3 05-multiworker/testdata/original.py {addr}"
	t.Run("workers", func(t *testing.T) {
		echotest.Run(t, echotest.Lesson{Command: original, Logs: true, Only: sameAsPython, Workers: true})
	})
	t.Run("one loop", func(t *testing.T) {
		echotest.Run(t, echotest.Lesson{Command: original + " 0", Logs: true, Only: sameAsOnePython, Except: tooLong(), Golden: "../../02-select/testdata"})
	})
}

// TestLessonsLogTheSame holds the golden files of lessons 3 and 4 against those
// of lesson 2: only descriptors differ, and what lesson 2 cannot do.
func TestLessonsLogTheSame(t *testing.T) {
	t.Parallel()
	echotest.SkipForeign(t)
	descriptor := regexp.MustCompile(`fd=\d+`)
	for _, name := range sameAsOnePython {
		logs := map[string]string{}
		for _, lesson := range []string{"02-select", "03-poll", "04-epoll"} {
			log, err := server.ReadFile(filepath.Join("../..", lesson, "testdata", name+".log"))
			if err != nil {
				t.Fatal(err)
			}
			logs[lesson] = descriptor.ReplaceAllString(string(log), "fd=<fd>")
		}
		for _, lesson := range []string{"03-poll", "04-epoll"} {
			if diff := cmp.Diff(logs["02-select"], logs[lesson]); diff != "" {
				t.Errorf("%s: 02-select and %s log differently (-02 +other):\n%s", name, lesson, diff)
			}
		}
	}
}
