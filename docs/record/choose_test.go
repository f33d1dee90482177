package main

import (
	"fmt"
	"strings"
	"testing"

	"example.com/echo/docs/record/recorder"
)

// TestChoose names lessons and scripts as a reader does, rightly and wrongly.
func TestChoose(t *testing.T) {
	for _, test := range []struct{ args, want string }{
		{"04-epoll crowd-edge", "04-epoll/crowd-edge"},
		{"04-epoll 02-select crowd-edge", "04-epoll/crowd-edge 02-select/crowd-edge"},
		{"crowd-edge", "02-select/crowd-edge 03-poll/crowd-edge 04-epoll/crowd-edge"},
		{"04-epoll edge", `there is no script "edge": -list prints those that there are`},
		{"04-epoll", `there is no script "04-epoll": -list prints those that there are`},
		{"02-select 01-blocking crowd-edge", `"01-blocking" cannot play crowd-edge: 02-select, 03-poll, 04-epoll can`},
		{"epoll crowd-edge", `"epoll" cannot play crowd-edge: 02-select, 03-poll, 04-epoll can`},
	} {
		chosen, err := choose(strings.Fields(test.args))
		var names []string
		for _, p := range chosen {
			names = append(names, p.lesson+"/"+p.script.Name)
		}
		got := strings.Join(names, " ")
		if err != nil {
			got = fmt.Sprint(err)
		}
		if got != test.want {
			t.Errorf("%s: expected %q, but found %q", test.args, test.want, got)
		}
	}
	chosen, err := choose(nil)
	if want := pairings(); err != nil || len(chosen) != want {
		t.Errorf("without arguments expected all %d, but found %d, %v", want, len(chosen), err)
	}
}

func pairings() (n int) {
	for _, s := range recorder.Scripts {
		n += len(s.Lessons)
	}
	return n
}
