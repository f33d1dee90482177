package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"example.com/echo/docs/recording"
	"example.com/echo/docs/repo"
	"example.com/echo/docs/site/replay"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"
)

// What look.js sees of a replay.
type (
	seenMoment struct {
		Address  string
		Step     int
		Programs [2]*seenProgram
	}
	seenProgram struct {
		Say, Rest     string
		Calls, Looked int
		Structures    [][][]string // tables of rows of cells; the first row is the title
		Clients       [][]string
		Call          string
		Line          int
		Source        string
		Stack         []string
	}
)

// TestReplaysShowTheFold goes through every recording by keys, two at once, and
// holds what the page shows at each moment to the fold of the recording.
func TestReplaysShowTheFold(t *testing.T) {
	t.Parallel()
	b := openTab(t, files(t))
	for _, sc := range sample(builtSite(t).scripts, 6) {
		for i := 0; i < len(sc.Players); i += 2 {
			left, right := sc.Players[i], sc.Players[(i+1)%len(sc.Players)]
			b.open(fmt.Sprintf("%s#%s,%s,0.0", sc.path(), left.ID, right.ID))
			walked := ask[struct {
				Moments []seenMoment
				Wrong   []string
			}](b, "walk()")
			for _, address := range walked.Wrong {
				t.Errorf("%s%s: expected the same on the way back, found something else", sc.Name, address)
			}
			compareWalk(t, sc, [2]player{left, right}, walked.Moments)
		}
	}
}

// compareWalk compares all moments that were seen with the folds.
func compareWalk(t *testing.T, sc *script, players [2]player, seen []seenMoment) {
	t.Helper()
	type shown struct {
		address string
		done    bool // this program with its step, while the other goes on
		*seenProgram
	}
	frames, showing := [2]map[int][]replay.Frame{}, [2]map[int][]shown{} // by step, and by moment
	for side, p := range players {
		frames[side], showing[side] = map[int][]replay.Frame{}, map[int][]shown{}
		for _, f := range p.Frames {
			frames[side][f.Step] = append(frames[side][f.Step], f)
		}
	}
	at := 0
	for step := range sc.Steps {
		for n := range max(len(frames[0][step]), len(frames[1][step])) {
			if at == len(seen) {
				t.Errorf("%s: expected a moment %d.%d, found the end", sc.Name, step, n)
				return
			}
			m := seen[at]
			at++
			want := fmt.Sprintf("#%s,%s,%d.%d", players[0].ID, players[1].ID, step, n)
			if m.Address != want || m.Step != step {
				t.Errorf("%s: expected %s in step %d, found %s in %d", sc.Name, want, step, m.Address, m.Step)
			}
			for side := range players {
				mine := frames[side][step]
				moment := mine[min(n, len(mine)-1)].Moment
				showing[side][moment] = append(showing[side][moment], shown{m.Address, n >= len(mine), m.Programs[side]})
			}
		}
	}
	if at != len(seen) {
		t.Errorf("%s: expected %d moments, found %d", sc.Name, at, len(seen))
	}
	for side, p := range players {
		for state := range p.Recording.States() {
			for _, s := range showing[side][state.Moment] {
				if problem := differs(p.Recording, state, s.done, s.seenProgram); problem != "" {
					t.Errorf("%s%s, %s: %s", sc.Name, s.address, p.ID, problem)
				}
			}
		}
	}
}

// differs says in what a program as it was seen differs from the fold; "" if in
// nothing.
func differs(r *recording.Recording, state *recording.State, done bool, p *seenProgram) string {
	if p == nil {
		return "expected a program, found none"
	}
	calls, looked, call, last := soFar(r, state.Moment)
	if calls != p.Calls || looked != p.Looked || done != (p.Rest != "") {
		return fmt.Sprintf("expected %d calls and %d descriptors looked at, and a step that is done: %t; found %d, %d and %q", calls, looked, done, p.Calls, p.Looked, p.Rest)
	}
	if want := clientRows(state); !reflect.DeepEqual(want, p.Clients[2:]) {
		return fmt.Sprintf("clients (-expected +found):\n%s", cmp.Diff(want, p.Clients[2:]))
	}
	if call != nil && len(call.Stack) > 0 {
		var stack []string
		for _, f := range r.Stack(call) {
			stack = append(stack, fmt.Sprintf("%s:%d", f.File, f.Line))
		}
		marked := slices.IndexFunc(r.Stack(call), func(f recording.Frame) bool { return f.Line == p.Line && f.Text == p.Source })
		if !slices.Equal(stack, p.Stack) || marked < 0 || !strings.Contains(p.Call, call.Name+"(") {
			return fmt.Sprintf("expected %s with the stack %v, and a line of that marked; found %q, %v and line %d: %s", call.Name, stack, p.Call, p.Stack, p.Line, p.Source)
		}
	}
	return structuresDiffer(r, state, last, p)
}

// soFar returns the counters at a moment, the call that it is about, and the last
// wait of each row, with the one it is in.
func soFar(r *recording.Recording, moment int) (calls, looked int, now *recording.Call, last map[string]*recording.Call) {
	last = map[string]*recording.Call{}
	for i := range r.Calls {
		c := &r.Calls[i]
		if c.Entered > moment {
			continue
		}
		calls++
		if c.Entered == moment || c.Returned == moment {
			now = c
		}
		if !c.Waits(r.Lesson) || strings.Contains(c.Row, ": ") {
			continue
		}
		last[c.Row] = c
		if c.Returned > 0 && c.Returned <= moment {
			switch c.Name {
			case "select", "poll":
				looked += c.Size
			case "epoll_wait":
				looked += len(c.Ready)
			default:
				looked++
			}
		}
	}
	return calls, looked, now, last
}

func clientRows(s *recording.State) (rows [][]string) {
	for _, c := range s.Clients {
		is := map[string]string{"": "not here yet", "queued": "in queue", "served": "connected", "left": "gone"}[c.Is]
		if c.Ended != "" && c.Is != "left" {
			is += ", has " + c.Ended
		}
		fd := "–"
		if c.FD >= 0 {
			fd = strconv.Itoa(c.FD)
		}
		rows = append(rows, []string{c.Name, is, fd, strconv.Itoa(c.Unread), strconv.Itoa(c.Owed)})
	}
	return rows
}

// structuresDiffer compares the structures that are shown with those of the loop
// that they are of.
func structuresDiffer(r *recording.Recording, s *recording.State, last map[string]*recording.Call, p *seenProgram) string {
	for _, table := range p.Structures {
		title, row := table[0][0], "server"
		if worker, of, ok := strings.Cut(title, ": "); ok {
			row, title = worker, of
		}
		var problem string
		switch title {
		case "the sets of select":
			problem = bitsDiffer(last[row], s.Moment, table[1:])
		case "the list of poll":
			problem = entriesDiffer(last[row], s.Moment, table[1:])
		case "interest list":
			problem = listDiffers(s, row, rowOf(s, row).Watch, table[2:])
		case "ready list (derived)":
			problem = listDiffers(s, row, s.Ready(rowOf(s, row)), table[2:])
		case "accept queues":
			problem = queuesDiffer(s, table[1:])
		case "workers":
			problem = workersDiffer(s, table[2:])
		case "one place to wait":
			problem = placeDiffers(s, table[1:])
		default:
			problem = "an unknown structure"
		}
		if problem != "" {
			return fmt.Sprintf("%s: %s", table[0][0], problem)
		}
	}
	loops := map[string]string{"02-select": "the sets of select", "03-poll": "the list of poll", "04-epoll": "interest list", "05-multiworker": "workers", "01-blocking": "one place to wait"}
	isShown := slices.ContainsFunc(p.Structures, func(table [][]string) bool { return table[0][0] == loops[r.Lesson] })
	needed := len(last) > 0 && len(s.Processes) > 0
	if r.Lesson == "04-epoll" {
		needed = len(s.Processes) > 0 && s.Processes[0].Epoll >= 0
	}
	if needed && !isShown {
		return "expected " + loops[r.Lesson] + ", found other structures"
	}
	return ""
}

func rowOf(s *recording.State, name string) *recording.RowState {
	i := slices.IndexFunc(s.Rows, func(row recording.RowState) bool { return row.Name == name })
	return &s.Rows[i]
}

func bitsDiffer(c *recording.Call, moment int, rows [][]string) string {
	returned := c.Returned > 0 && c.Returned <= moment
	for fd := range c.Size {
		for set, events := range []string{"reader", "writer"} {
			w := recording.Watch{FD: fd, Events: events}
			given, back := "0", ""
			if slices.Contains(c.Watch, w) {
				given = "1"
			}
			switch {
			case returned && slices.Contains(c.Ready, w):
				back = "1"
			case returned && given == "1":
				back = "ghost 0"
			case returned:
				back = "0"
			}
			if g, b := rows[1+2*set][fd+1], rows[2+2*set][fd+1]; g != given || b != back {
				return fmt.Sprintf("%s %d: expected %q and %q, found %q and %q", events, fd, given, back, g, b)
			}
		}
	}
	if len(rows[0]) != c.Size+1 {
		return fmt.Sprintf("expected %d bits, found %d", c.Size, len(rows[0])-1)
	}
	return ""
}

func entriesDiffer(c *recording.Call, moment int, rows [][]string) string {
	for i, w := range c.Watch {
		events, revents := strings.ReplaceAll(w.Events, "POLL", ""), "0"
		for _, ready := range c.Ready {
			if ready.FD == w.FD {
				revents = strings.NewReplacer("POLL", "", "|", " ").Replace(ready.Events)
			}
		}
		if c.Returned == 0 || c.Returned > moment {
			revents = ""
		}
		if w.FD < 0 {
			events, revents = "–", "–"
		}
		want := []string{strconv.Itoa(w.FD), events, revents}
		if found := []string{rows[0][i+1], rows[1][i+1], rows[2][i+1]}; !slices.Equal(want, found) {
			return fmt.Sprintf("entry %d: expected %q, found %q", i, want, found)
		}
	}
	if len(rows[0]) != len(c.Watch)+1 {
		return fmt.Sprintf("expected %d entries, found %d", len(c.Watch), len(rows[0])-1)
	}
	return ""
}

func listDiffers(s *recording.State, row string, list []recording.Watch, found [][]string) string {
	var want [][]string
	for _, w := range list {
		what := ""
		for _, p := range s.Processes {
			if p.Name == row {
				what = p.What(w.FD)
			}
		}
		want = append(want, []string{strconv.Itoa(w.FD), what, strings.NewReplacer("EPOLL", "", "|", " ").Replace(w.Events)})
	}
	if want == nil && (len(found) == 0 || found[0][1] == "empty") {
		return ""
	}
	return cmp.Diff(want, found)
}

func queuesDiffer(s *recording.State, rows [][]string) string {
	var want, found []string
	for _, queue := range s.Queues {
		if len(queue) > 0 {
			want = append(want, strings.Join(queue, ", "))
		}
	}
	for _, row := range rows {
		if row[1] != "empty" {
			found = append(found, row[1])
		}
	}
	slices.Sort(want)
	slices.Sort(found)
	return cmp.Diff(want, found)
}

func workersDiffer(s *recording.State, rows [][]string) string {
	serves := map[string]string{}
	for _, p := range s.Processes {
		if p.Name != "supervisor" {
			serves[p.Name] = ""
		}
	}
	for _, c := range s.Clients {
		if c.Process != "" {
			serves[c.Process] = strings.TrimPrefix(serves[c.Process]+", "+c.Name, ", ")
		}
	}
	found := map[string]string{}
	for _, row := range rows {
		found[row[0]] = row[5]
	}
	if !maps.Equal(serves, found) {
		return cmp.Diff(serves, found)
	}
	return ""
}

func placeDiffers(s *recording.State, rows [][]string) string {
	row := rowOf(s, "server")
	if row.In == nil {
		if !strings.HasPrefix(rows[0][1], "nothing") {
			return "expected nothing, found " + rows[0][1]
		}
		return ""
	}
	if !strings.HasPrefix(rows[0][1], row.In.Name+", for descriptor "+strconv.Itoa(row.In.FD)) {
		return fmt.Sprintf("expected %s of %d, found %s", row.In.Name, row.In.FD, rows[0][1])
	}
	return ""
}

// TestLinksRestoreMoments opens moments by their addresses, afresh, and compares
// them with what stepping there showed.
func TestLinksRestoreMoments(t *testing.T) {
	t.Parallel()
	b := openTab(t, files(t))
	b.open("replay/message-larger-than-room.html#02-select,04-epoll,0.0")
	moments := ask[struct{ Moments []seenMoment }](b, "walk()").Moments
	for _, m := range sample(moments, 40) {
		b.open("replay/message-larger-than-room.html" + m.Address)
		found := ask[seenMoment](b, "moment()")
		if diff := cmp.Diff(m, found); diff != "" {
			t.Errorf("%s (-stepped to +opened):\n%s", m.Address, diff)
		}
	}
	// A moment that does not exist leads to the nearest that does.
	b.open("replay/message-larger-than-room.html#02-select,nobody,3.9999")
	if address := ask[string](b, "location.hash"); !strings.HasPrefix(address, "#02-select,04-epoll,3.") || strings.HasSuffix(address, "9999") {
		t.Errorf("expected a moment that exists, found %s", address)
	}
}

// TestReplayByKeyboard reaches everything of a replay by the keyboard alone.
func TestReplayByKeyboard(t *testing.T) {
	t.Parallel()
	b := openTab(t, files(t))
	b.open("replay/two-clients.html#02-select,04-epoll,2.0")
	at := func() string { return strings.TrimPrefix(ask[string](b, "location.hash"), "#02-select,04-epoll,") }
	type key = chromedp.Action[chromedp.Void]
	shifted := func(name string) key { return chromedp.KeyEvent(name, chromedp.KeyModifiers(chromedp.ModifierShift)) }
	for _, step := range []struct {
		name string
		key  key
		want string
	}{
		{"right", chromedp.KeyEvent(kb.ArrowRight), "2.1"}, {"right", chromedp.KeyEvent(kb.ArrowRight), "2.2"},
		{"left", chromedp.KeyEvent(kb.ArrowLeft), "2.1"}, {"shift right", shifted(kb.ArrowRight), "3.0"},
		{"left", chromedp.KeyEvent(kb.ArrowLeft), "2.6"}, {"shift left", shifted(kb.ArrowLeft), "2.0"},
		{"shift left", shifted(kb.ArrowLeft), "1.0"}, {"home", chromedp.KeyEvent(kb.Home), "0.0"}, {"left", chromedp.KeyEvent(kb.ArrowLeft), "0.0"},
		{"end", chromedp.KeyEvent(kb.End), ""}, {"home", chromedp.KeyEvent(kb.Home), "0.0"},
	} {
		b.do(step.key)
		if found := at(); found != step.want && step.want != "" {
			t.Errorf("after %s: expected %s, found %s", step.name, step.want, found)
		}
	}
	var reached []string
	for range 60 {
		b.do(chromedp.KeyEvent(kb.Tab))
		reached = append(reached, ask[string](b, `document.activeElement.id || document.activeElement.className || document.activeElement.tagName`))
	}
	for _, want := range []string{"script", "left", "right", "play", "on", "step-on", "last", "moment", "trace"} {
		if !slices.Contains(reached, want) {
			t.Errorf("expected that Tab reaches %s, found only %v", want, reached)
		}
	}
}

// TestPlay plays a replay until it stops by itself.
func TestPlay(t *testing.T) {
	t.Parallel()
	b := openTab(t, files(t))
	b.open("replay/one-client.html#02-select,04-epoll,1.0")
	// The page's clock is the test's: ticks come at once.
	ask[bool](b, `(window.setInterval = tick => { window.tick = tick; return 1 }, true)`)
	b.do(chromedp.Click(chromedp.ID("play")))
	moments := ask[int](b, `(() => { let n = 0; while (document.querySelector("#play").textContent === "Pause" && n < 1000) { tick(); n++; } return n })()`)
	if found := ask[bool](b, `document.querySelector("#last").disabled`); !found || moments < 20 || moments == 1000 {
		t.Errorf("expected that it plays to the end, found %t after %d moments", found, moments)
	}
}

// TestPickers shows somebody else, and nobody.
func TestPickers(t *testing.T) {
	t.Parallel()
	b := openTab(t, files(t))
	b.open("replay/two-clients.html#02-select,04-epoll,3.1")
	pick := func(id, value string) seenMoment {
		ask[bool](b, fmt.Sprintf(`(() => { const select = document.getElementById(%q); select.value = %q; select.dispatchEvent(new Event("change")); return true })()`, id, value))
		if _, err := chromedp.Run(b.ctx, chromedp.Poll[bool](fmt.Sprintf(`location.hash.includes(%q)`, value))); err != nil {
			t.Fatal(err)
		}
		return ask[seenMoment](b, "moment()")
	}
	if m := pick("left", "03-poll"); m.Address != "#03-poll,04-epoll,3.1" || m.Programs[0].Structures[0][0][0] != "the list of poll" {
		t.Errorf("expected poll on the left, found %v", m)
	}
	if m := pick("right", ""); m.Programs[1] != nil {
		t.Errorf("expected nobody on the right, found %v", m)
	}
}

// TestFromFiles opens the site as a file manager does.
func TestFromFiles(t *testing.T) {
	t.Parallel()
	b := openTab(t, files(t))
	dir := t.TempDir()
	if err := write(files(t), dir); err != nil {
		t.Fatal(err)
	}
	b.openURL("file://" + filepath.ToSlash(dir) + "/replay/two-clients.html#02-select,04-epoll,3.1")
	if m := ask[seenMoment](b, "moment()"); m.Programs[0] == nil || m.Programs[0].Say == "" {
		t.Errorf("expected a replay, found %v", m)
	}
	for _, complaint := range b.complaints() {
		t.Error(complaint)
	}
}

// TestHostileClient shows what a client sends as text, in the replay and in a
// golden log.
func TestHostileClient(t *testing.T) {
	t.Parallel()
	const attack = `<script>document.title="taken"</script><img src=x onerror="document.title='taken'">`
	s := *builtSite(t)
	s.files, s.quoted, s.sources = map[string][]byte{}, map[string][]string{}, map[string]*goSource{}
	sc := s.scripts[0]
	r := *sc.Players[0].Recording
	r.About, r.Steps, r.Calls, r.Clients = attack, slices.Clone(r.Steps), slices.Clone(r.Calls), []string{attack}
	for i := range r.Steps {
		r.Steps[i].Text, r.Steps[i].Client = attack+r.Steps[i].Text, strings.Replace(r.Steps[i].Client, "alice", attack, 1)
		r.Steps[i].After.Clients = nil
	}
	for i := range r.Calls {
		c := &r.Calls[i]
		c.Opened = slices.Clone(c.Opened)
		for j := range c.Opened {
			c.Opened[j].What = strings.Replace(c.Opened[j].What, "alice", attack, 1)
		}
		if c.What == "alice" {
			c.What, c.Data = attack, attack
		}
	}
	s.scripts = []*script{{Name: "hostile", About: attack, Steps: r.Steps, Players: []player{{ID: "x", Label: attack, Replay: replay.New(&r)}}}}
	root := repo.Root(t.TempDir())
	if err := os.WriteFile(root.Path("hostile.log"), []byte(attack+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := s.addReplays(); err != nil {
		t.Fatal(err)
	}
	s.root = root
	if err := s.addFile("hostile.log"); err != nil {
		t.Fatal(err)
	}
	if err := s.addStatic(); err != nil {
		t.Fatal(err)
	}
	b := openTab(t, s.files)
	b.open("replay/hostile.html#x,,2.1")
	seen := ask[struct{ Moments []seenMoment }](b, "walk()").Moments
	if shown := fmt.Sprint(reflect.ValueOf(*seen[len(seen)/2].Programs[0])); !strings.Contains(shown, attack) {
		t.Errorf("expected the attack as text, found %s", shown)
	}
	b.open("hostile.log.html")
	if text := ask[string](b, `document.querySelector("pre").textContent.trim()`); text != attack {
		t.Errorf("expected the attack as text, found %q", text)
	}
	for _, page := range []string{"replay/hostile.html#x,,2.1", "hostile.log.html", "replay/index.html"} {
		b.open(page)
		if title := ask[string](b, "document.title"); title == "taken" {
			t.Errorf("%s: the attack was run", page)
		}
		if n := ask[int](b, `document.querySelectorAll("main img, main script").length`); n > 0 {
			t.Errorf("%s: expected no element of the attack, found %d", page, n)
		}
	}
	for _, complaint := range b.complaints() { // a forbidden script would be one
		t.Error(complaint)
	}
}
