// Package recording reads recordings: what the kernel saw while a client script
// was played to a lesson. Command record makes them, with strace.
//
// A recording is a list of moments, numbered from 0. At each, one thing happens:
// a step of the script begins, a system call is entered or returns, or a process
// ends. There are no times: strace slows some calls more than others. State says
// how things stand at a moment, and Transcript prints the whole as text.
//
// The format of the files is documented in docs/recordings/README.md.
package recording

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"example.com/echo/docs/repo"
)

// Dir is where the recordings are, from the root of the repository.
const Dir = "docs/recordings"

// A Recording is one run of a lesson's program.
type Recording struct {
	Lesson    string    `json:"lesson"`
	Script    string    `json:"script"`
	About     string    `json:"about"` // what the script shows, in a sentence
	Flags     []string  `json:"flags"` // the program's, but -addr
	Made      string    `json:"made"`  // versions of the kernel, Go and strace
	Clients   []string  `json:"clients"`
	Processes []Process `json:"processes"`
	Frames    []Frame   `json:"frames"`
	Steps     []Step    `json:"steps"`
	Calls     []Call    `json:"calls"` // in the order in which they were entered
}

// A Process is one of the lesson's: "server", or "supervisor", "Process-1" and
// so on. The one that takes a killed worker's place is "Process-1 again".
type Process struct {
	Name      string       `json:"name"`
	Inherited []Descriptor `json:"inherited"`
	Ended     int          `json:"ended"`  // the moment
	Status    string       `json:"status"` // "0", or the signal that killed it
}

// A Descriptor is a number that a process has open, and what it stands for: a
// client's name, "server" (the listening socket), "epoll", "log" and so on.
type Descriptor struct {
	FD   int    `json:"fd"`
	What string `json:"what"`
}

// A Frame is a call in this project's code that has not returned yet.
type Frame struct {
	Function string `json:"function"` // with its package: "selectloop.(*loop).turn"
	File     string `json:"file"`     // from the root of the repository
	Line     int    `json:"line"`
	Text     string `json:"text"` // of the line, without its indentation
}

// A Step is one thing that a client, or somebody else, does to the server.
type Step struct {
	At     int    `json:"at"` // the moment when it begins
	Text   string `json:"text"`
	Client string `json:"client,omitempty"`
	Does   string `json:"does"` // one of the words in docs/recordings/README.md
	Size   int    `json:"size,omitempty"`
	Data   string `json:"data,omitempty"`  // what it sends: the beginning
	Queue  string `json:"queue,omitempty"` // which listening socket it connects to
	After  Quiet  `json:"after"`
}

// A Quiet is what the kernel said when the step was done: everybody waited, and
// nobody had anything left to do.
type Quiet struct {
	Queues      map[string]int     `json:"queues"`             // accept queues' lengths, by listening socket
	Clients     []Connection       `json:"clients,omitempty"`  // who is connected
	Descriptors map[string][]int   `json:"descriptors"`        // what is open, by process
	Interest    map[string][]Watch `json:"interest,omitempty"` // of epoll, by process
}

// A Connection is a client's, as the kernel shows it.
type Connection struct {
	Client   string `json:"client"`
	State    string `json:"state"`            // of the server's end: "ESTABLISHED", "CLOSE-WAIT" ...
	Unread   int    `json:"unread,omitempty"` // bytes that have arrived, and the server has not read
	Received int    `json:"received"`         // bytes that the client has read, in all steps so far
}

// A Call is a system call.
type Call struct {
	Entered  int          `json:"entered"`            // the moment
	Returned int          `json:"returned,omitempty"` // the moment; 0 if it never did
	Row      string       `json:"row"`                // who made it: see Process
	Name     string       `json:"call"`               // as the source calls it
	FD       int          `json:"fd"`                 // the descriptor that it is about; -1 if none
	What     string       `json:"what,omitempty"`     // what that stands for
	Args     string       `json:"args,omitempty"`     // further arguments, as in the manual page
	Size     int          `json:"size,omitempty"`     // how many bytes it asks for, or offers
	Data     string       `json:"data,omitempty"`     // the bytes: the beginning
	Watch    []Watch      `json:"watch,omitempty"`    // what it is given to wait for
	Timeout  int          `json:"timeout,omitempty"`  // in milliseconds; -1 for no limit
	Ready    []Watch      `json:"ready,omitempty"`    // who it says is ready
	Result   int          `json:"result"`
	Error    string       `json:"error,omitempty"` // "EAGAIN", and Result is -1
	Opened   []Descriptor `json:"opened,omitempty"`
	Stack    []int        `json:"stack"` // indices of Recording.Frames, innermost first
}

// A Watch is a descriptor and events. Those of select are "reader" and "writer",
// those of poll and epoll are called as in their manual pages.
type Watch struct {
	FD     int    `json:"fd"` // -1 is an empty place in poll's list
	Events string `json:"events,omitempty"`
}

// IsReader reports whether the events are those of a reader.
func (w Watch) IsReader() bool { return w.Events == "reader" || strings.Contains(w.Events, "POLLIN") }

// IsWriter reports whether the events are those of a writer.
func (w Watch) IsWriter() bool { return w.Events == "writer" || strings.Contains(w.Events, "POLLOUT") }

// IsExclusive reports whether of all who watch the same only one is to be told.
func (w Watch) IsExclusive() bool { return strings.Contains(w.Events, "EPOLLEXCLUSIVE") }

// Process returns the name of the process that made the call.
func (c *Call) Process() string {
	process, _ := ProcessOf(c.Row)
	return process
}

// ProcessOf returns which process a row is of, and whether it is the process's
// loop. Rows of its other goroutines are called "Process-1: signals".
func ProcessOf(row string) (process string, isLoop bool) {
	process, _, isOther := strings.Cut(row, ": ")
	return process, !isOther
}

// Waits reports whether the call is one that loops wait in: it is then shown
// where it is entered, and again where it returns.
func (c *Call) Waits(lesson string) bool {
	switch c.Name {
	case "select", "poll", "epoll_wait":
		return true
	case "accept4", "read":
		return lesson == repo.Lessons[0]
	}
	return false
}

// Path returns where a recording is, from the root of the repository.
func Path(lesson, script string) string { return path.Join(Dir, lesson, script+".json") }

// Load reads the recording of a script against a lesson.
func Load(files fs.FS, lesson, script string) (*Recording, error) {
	name := Path(lesson, script)
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	r := &Recording{}
	if err := json.Unmarshal(text, r); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return r, nil
}

// All reads all recordings, by lesson and then by script.
func All(files fs.FS) ([]*Recording, error) {
	names, err := fs.Glob(files, Dir+"/*/*.json")
	if err != nil {
		return nil, err
	}
	var all []*Recording
	for _, name := range names {
		lesson := path.Base(path.Dir(name))
		r, err := Load(files, lesson, strings.TrimSuffix(path.Base(name), ".json"))
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// Encode returns the recording as its file has it: each step and each call in a
// line of its own, so that git shows which have changed.
func (r *Recording) Encode() ([]byte, error) {
	var flat bytes.Buffer
	encoder := json.NewEncoder(&flat)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(r); err != nil {
		return nil, err
	}
	var pairs []string
	for _, first := range []string{`{"name":`, `{"function":`, `{"at":`, `{"entered":`} { // in a string, the quotes would be escaped
		pairs = append(pairs, first, "\n"+first)
	}
	return []byte(strings.NewReplacer(pairs...).Replace(flat.String())), nil
}

// Moments returns how many moments there are.
func (r *Recording) Moments() int {
	n := len(r.Steps) + len(r.Processes) + len(r.Calls)
	for i := range r.Calls {
		if r.Calls[i].Returned > 0 {
			n++
		}
	}
	return n
}

// StepAt returns the index of the step that a moment is in.
func (r *Recording) StepAt(moment int) int {
	step := 0
	for step+1 < len(r.Steps) && r.Steps[step+1].At <= moment {
		step++
	}
	return step
}

// Stack returns the frames of a call, innermost first.
func (r *Recording) Stack(c *Call) []Frame {
	var frames []Frame
	for _, i := range c.Stack {
		frames = append(frames, r.Frames[i])
	}
	return frames
}
