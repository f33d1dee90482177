package main

import (
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"example.com/echo/docs/practice/exercise"
	"example.com/echo/docs/practice/judge"
	"example.com/echo/docs/practice/text"
	"example.com/echo/docs/practice/workspace"
	"github.com/fsnotify/fsnotify"
	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// A watch shows one exercise at a time, checks it again when a file is saved, and
// obeys keys. Everything that happens reaches it as a function in events, so
// nothing here needs a lock.
type watch struct {
	*session
	events  chan func() error
	screen  *screen
	watcher *fsnotify.Watcher

	e        *exercise.Exercise
	copy     workspace.Copy
	verdict  *judge.Verdict // of the last check; nil before the first
	doing    string         // what the check does; "" while there is none
	isStale  bool           // a file was saved while it was checked
	saved    *time.Timer    // runs after a file was saved: editors save in several steps
	question string         // that waits for y or n
	yes      func() error   // what to do then
	page     []string       // what is shown instead of the exercise; nil for that
	choice   int            // in the list; -1 while another page is shown
}

// errQuit says that the reader has had enough.
var errQuit = fmt.Errorf("quit")

// watch goes on until the reader quits.
func (s *session) watch(e *exercise.Exercise) (err error) {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("cannot watch files: %w; -once checks without", err)
	}
	defer watcher.Close()
	restore, err := term.MakeRaw(int(s.in.Fd()))
	if err != nil {
		return err
	}
	w := &watch{session: s, events: make(chan func() error), watcher: watcher, screen: newScreen(os.Stdout), choice: -1}
	w.screen.begin()
	defer func() {
		w.screen.end()
		term.Restore(int(s.in.Fd()), restore)
		if err == nil {
			fmt.Fprintf(s.out, "Your files are in %s. `go run ./docs/practice` goes on with %s.\n", shown(s.space.Dir), w.e.Name)
		}
	}()
	w.saved = time.AfterFunc(time.Hour, func() { w.events <- w.check })
	w.saved.Stop()
	go w.readKeys()
	go w.readChanges()
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, unix.SIGTERM, unix.SIGHUP, unix.SIGINT, unix.SIGWINCH)
	defer signal.Stop(signals)
	go func() {
		for sig := range signals {
			if sig == unix.SIGWINCH {
				w.events <- func() error { return nil }
			} else {
				w.events <- func() error { return errQuit }
			}
		}
	}()
	err = w.begin(e)
	for err == nil {
		if err = w.draw(); err == nil {
			err = (<-w.events)()
		}
	}
	if err == errQuit {
		err = nil
	}
	return err
}

// begin turns to an exercise, and checks it.
func (w *watch) begin(e *exercise.Exercise) error {
	c, err := w.space.Begin(e)
	if err != nil {
		return err
	}
	w.e, w.copy, w.verdict, w.page, w.choice, w.question = e, c, nil, nil, -1, ""
	for _, dir := range w.watcher.WatchList() {
		w.watcher.Remove(dir) // an error means that it is gone
	}
	// Directories, because editors save by renaming another file.
	err = filepath.WalkDir(c.Dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			err = w.watcher.Add(path)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("cannot watch files: %w; -once checks without", err)
	}
	w.screen.top()
	return w.check()
}

// check begins to check the exercise. One check runs at a time.
func (w *watch) check() error {
	if w.doing != "" {
		w.isStale = true
		return nil
	}
	e := w.e
	w.doing, w.isStale = "checking", false
	go func() {
		v, err := w.session.check(e, func(what string) {
			w.events <- func() error { w.doing = what; return nil }
		})
		w.events <- func() error { return w.checked(e, v, err) }
	}()
	return nil
}

func (w *watch) checked(e *exercise.Exercise, v *judge.Verdict, err error) error {
	w.doing = ""
	switch {
	case err != nil:
		return err
	case e != w.e || w.isStale:
		return w.check()
	}
	w.verdict = v
	w.screen.top()
	return nil
}

// readChanges asks for a check when a source is saved.
func (w *watch) readChanges() {
	for event := range w.watcher.Events {
		isSource := strings.HasSuffix(event.Name, ".go") || strings.HasSuffix(event.Name, ".mod")
		if isSource && !event.Has(fsnotify.Chmod) && !strings.HasPrefix(filepath.Base(event.Name), ".") {
			w.saved.Reset(50 * time.Millisecond)
		}
	}
}

// readKeys reads keys. Arrows come as three bytes.
func (w *watch) readKeys() {
	buffer := make([]byte, 100)
	for {
		n, err := w.in.Read(buffer)
		if err != nil {
			w.events <- func() error { return errQuit }
			return
		}
		for keys := string(buffer[:n]); keys != ""; {
			key := keys[:1]
			if strings.HasPrefix(keys, escape+"[") && len(keys) > 2 {
				key = keys[:3]
			}
			keys = keys[len(key):]
			w.events <- func() error { return w.press(key) }
		}
	}
}

const (
	ctrlC  = "\x03"
	enter  = "\r"
	escape = "\x1b"
	up     = "\x1b[A"
	down   = "\x1b[B"

	pageUp   = "\x1b[5" // a ~ follows, which is no key here
	pageDown = "\x1b[6"
)

// press obeys a key.
func (w *watch) press(key string) error {
	if key == ctrlC {
		return errQuit
	}
	if w.question != "" {
		w.question = ""
		if key == "y" {
			return w.yes()
		}
		return nil
	}
	switch key {
	case "q":
		if w.page == nil {
			return errQuit
		}
		w.leavePage()
	case escape:
		w.leavePage()
	case "h":
		return w.showHint()
	case "a":
		w.question, w.yes = "Show the answer?", func() error { w.show(text.Plain(w.e.Answer, w.e.HintPage())); return nil }
	case "l":
		return w.showList()
	case "c":
		return w.checkBegun()
	case "n":
		return w.beginNext()
	case enter:
		if w.choice >= 0 {
			return w.begin(w.all[w.choice])
		}
		w.leavePage()
	case up, "k":
		w.move(-1)
	case down, "j":
		w.move(1)
	case " ", pageDown:
		w.move(w.screen.room() - 1)
	case pageUp:
		w.move(1 - w.screen.room())
	}
	return nil
}

func (w *watch) show(page []string) {
	w.page, w.choice = page, -1
	w.screen.top()
}

func (w *watch) leavePage() {
	w.page, w.choice = nil, -1
	w.screen.top()
}

// move scrolls, or goes up and down in the list.
func (w *watch) move(by int) {
	if w.choice < 0 {
		w.screen.scroll(by)
		return
	}
	w.choice = min(max(w.choice+by, 0), len(w.all)-1)
}

func (w *watch) showHint() error {
	w.leavePage()
	w.screen.bottom()
	_, err := w.oneMoreHint(w.e)
	return err
}

func (w *watch) showList() error {
	w.leavePage()
	for i, e := range w.all {
		if e == w.e {
			w.choice = i
		}
	}
	return nil
}

func (w *watch) beginNext() error {
	state, err := w.space.State()
	if err != nil {
		return err
	}
	next := w.next(w.e, state)
	if next == nil {
		w.show([]string{"All exercises are done."})
		return nil
	}
	return w.begin(next)
}

// draw shows how things stand.
func (w *watch) draw() error {
	state, err := w.space.State()
	if err != nil {
		return err
	}
	status, keys := row{w.doing, faint}, row{"h hint  a answer  l list  c check all  n next  q quit", faint}
	switch {
	case w.question != "":
		status = row{w.question + " (y/n)", bold}
	case w.choice >= 0:
		keys.text = "up, down  move    enter  begin    q back"
	case w.page != nil:
		keys.text = "up, down  scroll    q back"
	}
	rows, chosen := w.rows(state), -1
	switch {
	case w.choice >= 0:
		rows, chosen = w.listRows(state)
	case w.page != nil:
		rows = rowsOf(w.page, "")
	}
	return w.screen.draw(rows, chosen, status, keys)
}

// rows are what is shown of the exercise.
func (w *watch) rows(state workspace.State) []row {
	done := 0
	for _, e := range w.all {
		if state.Records[e.ID].Done {
			done++
		}
	}
	title := fmt.Sprintf("%s (%s)", w.e.Name, lessonOf(w.e))
	progress := fmt.Sprintf("%d of %d done", done, len(w.all))
	rows := []row{{fmt.Sprintf("%-*s%s", text.Width-len(progress), title, progress), bold}, {}}
	task, _, _ := strings.Cut(w.e.Task, "\n\n") // the rest stands in the file
	rows = append(rows, rowsOf(w.about(w.e, w.copy, task), "")...)
	rows = append(rows, row{"Save the file, and it is checked again.", faint}, row{})
	switch v := w.verdict; {
	case v == nil:
	case v.Passed():
		rows = append(rows, row{"Passed.", green})
		rows = append(rows, rowsOf(passed(w.e, v, w.next(w.e, state)), "")...)
	default:
		lines := report(v)
		rows = append(rows, row{lines[0], red})
		rows = append(rows, rowsOf(lines[1:], "")...)
	}
	if record := state.Records[w.e.ID]; record.Hints > 0 && !(w.verdict != nil && w.verdict.Passed()) {
		rows = append(rows, row{})
		rows = append(rows, rowsOf(hints(w.e, record), "")...)
	}
	return rows
}

func rowsOf(lines []string, style style) (rows []row) {
	for _, line := range lines {
		rows = append(rows, row{line, style})
	}
	return rows
}

// listRows are the list, and which of its rows is that of the choice.
func (w *watch) listRows(state workspace.State) (rows []row, chosen int) {
	lesson := ""
	for i, e := range w.all {
		if e.Lesson.Name != lesson {
			lesson = e.Lesson.Name
			rows = append(rows, row{lesson, bold})
		}
		r := row{listed(e, state), ""}
		if i == w.choice {
			r.style, chosen = turned, len(rows)
			if w.screen.isPlain {
				r.text = "*" + r.text[1:]
			}
		}
		rows = append(rows, r)
	}
	return rows, chosen
}

// checkBegun checks all that were begun.
func (w *watch) checkBegun() error {
	if w.doing != "" {
		return nil
	}
	w.doing = "checking all that were begun"
	w.show(nil)
	go func() {
		var page []string
		err := w.session.checkAll(func(line string) {
			w.events <- func() error {
				page = append(page, line)
				w.show(page)
				return nil
			}
		})
		if err == errFails {
			err = nil
		}
		w.events <- func() error { w.doing = ""; return err }
	}()
	return nil
}
