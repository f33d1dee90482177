package recording

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"example.com/echo/docs/repo"
	"github.com/google/go-cmp/cmp"
)

// recordings runs a test on each recording.
func recordings(t *testing.T, test func(t *testing.T, r *Recording)) {
	root, err := repo.FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	all, err := All(root.FS())
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("found no recordings: go run ./docs/record makes them")
	}
	for _, r := range all {
		t.Run(r.Lesson+"/"+r.Script, func(t *testing.T) {
			t.Parallel()
			test(t, r)
		})
	}
}

// TestMoments expects that one thing happens at each moment, and that a row is
// in one call at a time.
func TestMoments(t *testing.T) {
	recordings(t, func(t *testing.T, r *Recording) {
		taken := map[int]bool{}
		take := func(moment int) {
			if taken[moment] || moment >= r.Moments() {
				t.Errorf("moment %d of %d is taken twice", moment, r.Moments())
			}
			taken[moment] = true
		}
		for _, s := range r.Steps {
			take(s.At)
		}
		for _, p := range r.Processes {
			take(p.Ended) // each does end
		}
		last := map[string]*Call{}
		for i := range r.Calls {
			c := &r.Calls[i]
			take(c.Entered)
			if c.Returned > 0 {
				take(c.Returned)
			}
			before := last[c.Row]
			if before != nil && isLoop(c.Row) && (before.Returned == 0 || before.Returned > c.Entered) {
				t.Errorf("moment %d: %s enters %s, but %s, entered at %d, has not returned",
					c.Entered, c.Row, c.Name, before.Name, before.Entered)
			}
			last[c.Row] = c
		}
		if len(taken) != r.Moments() {
			t.Errorf("expected something at each of %d moments, found %d", r.Moments(), len(taken))
		}
	})
}

func isLoop(row string) bool { return !strings.Contains(row, ": ") }

// TestDescriptors expects that a descriptor is open when a call is about it, and
// not yet when a call opens it; and that the tables are the kernel's.
func TestDescriptors(t *testing.T) {
	recordings(t, func(t *testing.T, r *Recording) {
		calls := map[int]*Call{}
		for i := range r.Calls {
			calls[r.Calls[i].Entered] = &r.Calls[i]
		}
		for s := range r.States() {
			c := calls[s.Moment]
			if c == nil {
				continue
			}
			p := s.Process(c.Process())
			if c.FD >= 0 && (c.What == "" || p.What(c.FD) != c.What) {
				t.Errorf("moment %d: %s is about %d, %q, but that is %q", s.Moment, c.Name, c.FD, c.What, p.What(c.FD))
			}
			for _, d := range c.Opened {
				if what := p.What(d.FD); what != "" {
					t.Errorf("moment %d: %s opens %d, which is %q", s.Moment, c.Name, d.FD, what)
				}
			}
		}
		quietPoints(r, func(s *State, step *Step) {
			found := map[string][]int{}
			for _, p := range s.Processes {
				for _, d := range p.Descriptors {
					if p.Name != "supervisor" { // of whose calls most are left out
						found[p.Name] = append(found[p.Name], d.FD)
					}
				}
			}
			if diff := cmp.Diff(step.After.Descriptors, found); diff != "" {
				t.Errorf("after %q, what is open (-kernel +calls):\n%s", step.Text, diff)
			}
		})
	})
}

// quietPoints calls back with the state after each step.
func quietPoints(r *Recording, test func(s *State, step *Step)) {
	last := map[int]*Step{}
	for i := range r.Steps {
		end := r.Moments()
		if i+1 < len(r.Steps) {
			end = r.Steps[i+1].At
		}
		last[end-1] = &r.Steps[i]
	}
	for s := range r.States() {
		if step := last[s.Moment]; step != nil {
			test(s, step)
		}
	}
}

// TestKernel expects that what follows from the calls is what the kernel said:
// accept queues, unread bytes, and the interest lists of epoll.
func TestKernel(t *testing.T) {
	recordings(t, func(t *testing.T, r *Recording) {
		quietPoints(r, func(s *State, step *Step) {
			queues := map[string]int{}
			for name, queue := range s.Queues {
				if len(queue) > 0 {
					queues[name] = len(queue)
				}
			}
			if diff := cmp.Diff(step.After.Queues, queues); diff != "" {
				t.Errorf("after %q, the accept queues (-kernel +calls):\n%s", step.Text, diff)
			}
			interest := map[string][]Watch{}
			for _, p := range s.Processes {
				if list := sorted(p.Interest); list != nil {
					interest[p.Name] = list
				}
			}
			if diff := cmp.Diff(nonNil(step.After.Interest), interest); diff != "" {
				t.Errorf("after %q, the interest lists (-kernel +calls):\n%s", step.Text, diff)
			}
			for _, connection := range step.After.Clients {
				at := slices.IndexFunc(s.Clients, func(c ClientState) bool { return c.Name == connection.Client })
				if c := s.Clients[at]; c.Is != "left" && c.Unread != connection.Unread {
					t.Errorf("after %q, %s: the kernel has %d unread bytes, by the calls it has %d",
						step.Text, c.Name, connection.Unread, c.Unread)
				} else if c.Written < connection.Received {
					t.Errorf("after %q, %s has read %d bytes of %d", step.Text, c.Name, connection.Received, c.Written)
				}
			}
		})
	})
}

func nonNil[V any](m map[string]V) map[string]V {
	if m == nil {
		return map[string]V{}
	}
	return m
}

// TestWatches expects that whoever waits waits for everybody who is served: for
// room if something is owed, and else for something to read.
func TestWatches(t *testing.T) {
	recordings(t, func(t *testing.T, r *Recording) {
		if r.Lesson == repo.Lessons[0] {
			return
		}
		for s := range r.States() {
			for _, c := range s.Clients {
				if c.Owed < 0 || c.Unread < 0 {
					t.Errorf("moment %d: %s is owed %d, and of hers %d is unread", s.Moment, c.Name, c.Owed, c.Unread)
				}
			}
			for i := range s.Rows {
				row := &s.Rows[i]
				if row.In == nil || row.In.Entered != s.Moment || !row.In.Waits(r.Lesson) || !isLoop(row.Name) {
					continue
				}
				p := s.Process(row.Name)
				var readers, writers []int
				for _, c := range s.Clients {
					switch {
					case c.Process != p.Name:
					case c.Owed > 0:
						writers = append(writers, c.FD)
					default:
						readers = append(readers, c.FD)
					}
				}
				isClients := func(fd int) bool { return slices.Contains(r.Clients, p.What(fd)) }
				found := slices.DeleteFunc(row.Readers(), func(fd int) bool { return !isClients(fd) })
				slices.Sort(readers)
				slices.Sort(writers)
				if diff := cmp.Diff([][]int{readers, writers}, [][]int{nilIfEmpty(found), row.Writers()}); diff != "" {
					t.Errorf("moment %d: readers and writers (-by what is owed +watched):\n%s", s.Moment, diff)
				}
			}
		}
	})
}

func nilIfEmpty(fds []int) []int {
	if len(fds) == 0 {
		return nil
	}
	return fds
}

// TestReady expects that a wait returns who is ready by the calls and steps so
// far; and that nobody waits for who is ready when a step is done.
func TestReady(t *testing.T) {
	recordings(t, func(t *testing.T, r *Recording) {
		returned := map[int]*Call{} // by the moment before
		for i := range r.Calls {
			if c := &r.Calls[i]; c.Waits(r.Lesson) && isLoop(c.Row) && c.Ready != nil {
				returned[c.Returned-1] = c
			}
		}
		for s := range r.States() {
			c := returned[s.Moment]
			if c == nil {
				continue
			}
			at := slices.IndexFunc(s.Rows, func(row RowState) bool { return row.Name == c.Row })
			derived := s.Ready(&s.Rows[at])
			if diff := cmp.Diff(fds(derived), fds(c.Ready)); diff != "" && (len(r.Processes) == 1 || slices.ContainsFunc(s.Rows[at].Watch, Watch.IsExclusive)) {
				t.Errorf("moment %d: ready in %s (-derived +returned):\n%s", c.Returned, c.Name, diff)
			}
		}
		quietPoints(r, func(s *State, step *Step) {
			for i := range s.Rows {
				row := &s.Rows[i]
				if ready := s.Ready(row); row.In != nil && len(ready) > 0 && isLoop(row.Name) {
					t.Errorf("after %q, %s is in %s, but %v is ready", step.Text, row.Name, row.In.Name, ready)
				}
			}
		})
	})
}

func fds(list []Watch) []int {
	set := map[int]bool{}
	for _, w := range list {
		if w.Events != "" {
			set[w.FD] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// TestEnd expects that a loop that has stopped has closed all that it opened, and
// has sent back all that it got.
func TestEnd(t *testing.T) {
	recordings(t, func(t *testing.T, r *Recording) {
		ends := map[int]string{}
		for _, p := range r.Processes {
			if p.Status != "0" && p.Status != "SIGKILL" {
				t.Errorf("%s ended with %q", p.Name, p.Status)
			}
			if p.Status == "0" && r.Lesson != repo.Lessons[0] {
				ends[p.Ended-1] = p.Name
			}
		}
		stays := []string{"standard input", "log", "standard error", "lifeline", "lifeline, writing", "stop", "stop, writing", "Go's poller"}
		for s := range r.States() {
			if ends[s.Moment] == "" {
				continue
			}
			for _, d := range s.Process(ends[s.Moment]).Descriptors {
				if !slices.Contains(stays, d.What) {
					t.Errorf("%s ends, and %d, %s, is open", ends[s.Moment], d.FD, d.What)
				}
			}
		}
		if r.Lesson == repo.Lessons[0] && r.Script == "told-to-stop" {
			return // where the echo is lost
		}
		sent := map[string]int{}
		for _, s := range r.Steps {
			sent[s.Client] += s.Size
		}
		for _, c := range r.State(r.Moments() - 1).Clients {
			if c.Written != sent[c.Name] {
				t.Errorf("%s sent %d bytes, and got %d back", c.Name, sent[c.Name], c.Written)
			}
		}
	})
}

// TestStacks expects the stack of each call, from the line that makes it to main.
func TestStacks(t *testing.T) {
	recordings(t, func(t *testing.T, r *Recording) {
		for i := range r.Calls {
			c := &r.Calls[i]
			stack := r.Stack(c)
			if len(stack) == 0 && (len(c.Opened) == 0 || c.Opened[0].What != "Go's poller") {
				t.Errorf("moment %d: %s has no stack", c.Entered, c.Name)
			}
			if isLoop(c.Row) && len(stack) > 0 && stack[len(stack)-1].Function != "main.main" {
				t.Errorf("moment %d: the stack of %s ends in %s", c.Entered, c.Name, stack[len(stack)-1].Function)
			}
		}
	})
}
