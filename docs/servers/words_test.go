package servers

import (
	"slices"
	"strings"
	"testing"

	"example.com/echo/01-blocking/echotest"
)

// TestWords holds the harness to what it tells beside the verdict: the last words of
// a server that has ended, and the limit of one that passes.
func TestWords(t *testing.T) {
	t.Parallel()
	needDescriptors(t, 4096)
	for _, expected := range []struct{ server, scenario, words string }{
		{"wrong_dies_on_reset.py", "reset", "Error: [Errno"},
		{"usual.js", "reset", "ECONNRESET"},
		{"usual_net.go", "no-descriptor-left", "too many open files"},
		{"right_select.c", "crowd", "served 1020 at once, the next waited until one of them left"},
		{"ncat", "crowd", "served 100 at once, the next was turned away"},
	} {
		t.Run(expected.server, func(t *testing.T) {
			t.Parallel()
			i := slices.IndexFunc(All, func(s Server) bool { return s.Name == expected.server })
			v := echotest.Judge(command(t, All[i]), named(expected.scenario)[0])
			told := v.Remark
			if v.Failure != nil {
				told = v.Failure.Error()
			}
			if !strings.Contains(told, expected.words) {
				t.Errorf("%s: expected the words %q, but it tells:\n%s", expected.scenario, expected.words, told)
			}
		})
	}
}
