//go:build linux

package recorder

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"example.com/echo/docs/recording"
	"example.com/echo/docs/repo"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// sample is what is recorded afresh with RECORD=sample in the environment; with
// RECORD=all everything is, which takes minutes. Without it nothing is recorded.
var sample = []string{"02-select/two-clients", "04-epoll/told-to-stop", "05-multiworker/four-workers-one-arrival-shared"}

// newTestRecorder returns a recorder, or skips the test where strace may not
// trace.
func newTestRecorder(t *testing.T) *Recorder {
	t.Helper()
	if err := MayTrace(t.Context()); err != nil {
		t.Skip(err)
	}
	root, err := repo.FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(root)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// TestAfresh makes recordings and compares them with those that are kept.
func TestAfresh(t *testing.T) {
	if os.Getenv("RECORD") == "" {
		return
	}
	r := newTestRecorder(t)
	for _, lesson := range repo.Lessons { // before tests that run at the same time need them
		if _, err := r.Program(t.Context(), lesson); err != nil {
			t.Fatal(err)
		}
	}
	isAll := os.Getenv("RECORD") == "all"
	t.Run("", func(t *testing.T) {
		for _, s := range Scripts {
			for _, lesson := range s.Lessons {
				name := lesson + "/" + s.Name
				if !isAll && !slices.Contains(sample, name) {
					continue
				}
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					r.compare(t, lesson, s)
				})
			}
		}
	})
}

func (r *Recorder) compare(t *testing.T, lesson string, script Script) {
	kept, err := recording.Load(r.root.FS(), lesson, script.Name)
	if err != nil {
		t.Fatalf("%v; make it with go run ./docs/record %s %s", err, lesson, script.Name)
	}
	made, err := r.Record(t.Context(), lesson, script)
	if err != nil {
		t.Fatal(err)
	}
	options := cmp.Options{cmpopts.IgnoreFields(recording.Recording{}, "Made"), cmpopts.EquateEmpty()}
	if slices.Contains(multi, lesson) {
		// Which worker does what, and when, is nobody's choice.
		options = append(options, cmpopts.IgnoreFields(recording.Recording{}, "Calls", "Frames", "Processes"),
			cmpopts.IgnoreFields(recording.Step{}, "At", "Queue"), cmpopts.IgnoreFields(recording.Quiet{}, "Descriptors", "Interest"))
		if diff := cmp.Diff(conversations(kept), conversations(made)); diff != "" {
			t.Errorf("what the server did for each client (-kept +made):\n%s", diff)
		}
		checkArrival(t, made)
	}
	if kernel(kept) != kernel(made) { // another one may have room for more, or less
		options = append(options, cmp.Transformer("magnitude", func(n int) int { return min(n, 1000) }))
	}
	if diff := cmp.Diff(kept, made, options); diff != "" {
		t.Errorf("go run ./docs/record %s %s mends this (-kept +made):\n%s", lesson, script.Name, diff)
	}
}

func kernel(r *recording.Recording) string {
	kernel, _, _ := strings.Cut(r.Made, ",")
	return kernel
}

// conversations returns the calls about each client, in order.
func conversations(r *recording.Recording) map[string][]recording.Call {
	all := map[string][]recording.Call{}
	for _, c := range r.Calls {
		who := c.What
		if len(c.Opened) > 0 {
			who = c.Opened[0].What
		}
		if slices.Contains(r.Clients, who) {
			all[who] = append(all[who], recording.Call{Name: c.Name, Size: c.Size, Data: c.Data, Result: max(c.Result, 10), Error: c.Error})
		}
	}
	return all
}

// TestArrival looks at the recordings that are kept.
func TestArrival(t *testing.T) {
	root, err := repo.FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	for _, listen := range []string{"shared", "exclusive", "reuseport"} {
		r, err := recording.Load(root.FS(), multi[0], "four-workers-one-arrival-"+listen)
		if err != nil {
			t.Fatal(err)
		}
		checkArrival(t, r)
	}
}

// checkArrival expects that one client of a shared socket wakes all four workers,
// of whom three come too late; otherwise it wakes one.
func checkArrival(t *testing.T, r *recording.Recording) {
	listen, ok := strings.CutPrefix(r.Script, "four-workers-one-arrival-")
	if !ok {
		return
	}
	want := map[string]int{"woken": 1, "accepted": 1, "EAGAIN": 0}
	if listen == "shared" {
		want = map[string]int{"woken": 4, "accepted": 1, "EAGAIN": 3}
	}
	found := map[string]int{"woken": 0, "accepted": 0, "EAGAIN": 0}
	for _, line := range r.Lines(1) {
		switch c := line.Call; {
		case c == nil || c.Returned == 0:
		case c.Ready != nil && r.StepAt(c.Returned) == 1:
			found["woken"]++
		case c.Name == "accept4" && c.Error == "":
			found["accepted"]++
		case c.Name == "accept4":
			found[c.Error]++
		}
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("%s, workers at the arrival (-expected +found):\n%s", r.Script, diff)
	}
}

// TestEverythingIsKept expects a recording of every script and lesson, no others,
// and none larger than is handy.
func TestEverythingIsKept(t *testing.T) {
	root, err := repo.FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	var want, found []string
	for _, script := range Scripts {
		for _, lesson := range script.Lessons {
			want = append(want, recording.Path(lesson, script.Name))
		}
	}
	found, err = fs.Glob(root.FS(), recording.Dir+"/*/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range found {
		if info, err := os.Stat(root.Path(name)); err != nil || info.Size() > 60_000 {
			t.Errorf("%s: expected at most 60,000 bytes, found %d (%v)", name, info.Size(), err)
		}
	}
	slices.Sort(want)
	slices.Sort(found)
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("go run ./docs/record makes these (-expected +found):\n%s", diff)
	}
}

// TestOrdinaryBuild expects that a program makes the same calls if it is built
// as usual.
func TestOrdinaryBuild(t *testing.T) {
	if os.Getenv("RECORD") == "" {
		return
	}
	r := newTestRecorder(t)
	r.flags = []string{"-trimpath"}
	for _, lesson := range single[2:] {
		t.Run(lesson, func(t *testing.T) {
			at := slices.IndexFunc(Scripts, func(s Script) bool { return s.Name == "two-clients" })
			kept, err := recording.Load(r.root.FS(), lesson, "two-clients")
			if err != nil {
				t.Fatal(err)
			}
			made, err := r.Record(t.Context(), lesson, Scripts[at])
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(sequence(kept), sequence(made)); diff != "" {
				t.Errorf("calls (-not inlined +inlined):\n%s", diff)
			}
		})
	}
}

// sequence returns the calls of a recording, without what comes of their stacks.
func sequence(r *recording.Recording) (calls []recording.Call) {
	for _, c := range r.Calls {
		c.Row, c.What, c.Stack, c.Opened = "", "", nil, nil
		calls = append(calls, c)
	}
	return calls
}

func TestReadLine(t *testing.T) {
	for text, want := range map[string]*line{
		`1.5 read(8, "\x68\x69", 65536) = 2 <0.25>`: {begin: 1.5, end: 1.75, call: "read", args: []string{"8", `"\x68\x69"`, "65536"}, result: 2},
		`1.5 accept4(3, 0xc0, [112], SOCK_CLOEXEC) = -1 EAGAIN (Resource temporarily unavailable) (DELAYED) <0.5>`: {
			begin: 1.5, end: 2, call: "accept4", args: []string{"3", "0xc0", "[112]", "SOCK_CLOEXEC"}, result: -1, err: "EAGAIN",
			note: "Resource temporarily unavailable) (DELAYED"},
		`1.5 pselect6(10, [3 8], [9], NULL, NULL, NULL) = 2 (in [3], out [9]) <0.5>`: {
			begin: 1.5, end: 2, call: "pselect6", args: []string{"10", "[3 8]", "[9]", "NULL", "NULL", "NULL"}, result: 2, note: "in [3], out [9]"},
		`1.5 pselect6(10, [3 8], [9], NULL, NULL, NULL) = ? ERESTARTNOHAND (To be restarted if no handler) <0.5>`: {
			begin: 1.5, end: 2, call: "pselect6", args: []string{"10", "[3 8]", "[9]", "NULL", "NULL", "NULL"}, result: -1,
			err: "ERESTARTNOHAND", note: "To be restarted if no handler"},
		`1.5 epoll_pwait(8, `:                 {begin: 1.5, call: "epoll_pwait", args: []string{"8", ""}},
		`1.5 read(8,  <unfinished ...>) = ?`:  {begin: 1.5, call: "read", args: []string{"8", "<unfinished ...>"}},
		`1.5 +++ exited with 0 +++`:           {begin: 1.5, end: 1.5, isExit: true, status: "0"},
		`1.5 +++ killed by SIGKILL +++`:       {begin: 1.5, end: 1.5, isExit: true, status: "SIGKILL"},
		` > /tmp/x(main.main+0x26) [0xcaea6]`: nil,
		``:                                    nil,
	} {
		if diff := cmp.Diff(want, readLine(text), cmp.AllowUnexported(line{})); diff != "" {
			t.Errorf("%s (-expected +found):\n%s", text, diff)
		}
	}
}
