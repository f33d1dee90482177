package predict

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"example.com/echo/docs/recording"
	"example.com/echo/docs/repo"
)

// A Question is about what the server does because of a step.
type Question struct {
	Step    int
	Text    string
	Options []string
	answer  func(*recording.Recording, *Question) int // an index of Options; -1 if it is none of them
	client  string
	size    int
}

// Answer returns which of the options is right, by what the server has done; -1 if
// none is.
func (q *Question) Answer(r *recording.Recording) int { return q.answer(r, q) }

// Ask returns up to three questions about steps: those at the moments that matter
// most, and among equals such as the random numbers say.
func Ask(lesson string, steps []recording.Step, random *rand.Rand) []Question {
	all := candidates(lesson, steps)
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	slices.SortStableFunc(all, func(a, b candidate) int { return b.weight - a.weight })
	var questions []Question
	for _, c := range all {
		isAsked := slices.ContainsFunc(questions, func(q Question) bool { return q.Step == c.Step })
		if !isAsked && len(questions) < 3 {
			questions = append(questions, c.Question)
		}
	}
	slices.SortFunc(questions, func(a, b Question) int { return cmp.Compare(a.Step, b.Step) })
	return questions
}

// A candidate is a question that can be asked, and how much it matters.
type candidate struct {
	Question
	weight int
}

func candidates(lesson string, steps []recording.Step) (all []candidate) {
	isOwed := map[string]bool{}
	for i, step := range steps {
		if step.Does == "stop" || step.Does == "kill" {
			break // the server, or a worker, may be gone
		}
		weight := map[string]int{"connects": 1, "sends": 1, "reads": 3, "half-closes": 3, "closes": 2, "resets": 3}[step.Does]
		if weight == 0 {
			continue
		}
		q := Question{Step: i, client: step.Client, size: step.Size}
		if step.Does == "sends" && step.Size >= messageSize {
			isOwed[step.Client] = true
			all = append(all, candidate{q.about(write), 3}, candidate{q.about(waitOf(lesson)), 3})
			continue
		}
		all = append(all, candidate{q.about(next), weight})
		if step.Does == "reads" || step.Does == "resets" && isOwed[step.Client] {
			all = append(all, candidate{q.about(waitOf(lesson)), 2})
		}
	}
	return all
}

// A form is what is asked, with CLIENT for the client of the step.
type form struct {
	text    string
	options []string
	answer  func(*recording.Recording, *Question) int
}

func (q Question) about(f form) Question {
	named := strings.NewReplacer("CLIENT", q.client)
	q.Text, q.answer = named.Replace(f.text), f.answer
	for _, option := range f.options {
		q.Options = append(q.Options, named.Replace(option))
	}
	return q
}

// next asks for the first call about the client: the one that tells what the step
// means to the server.
var next = form{
	"Which call about CLIENT does the server make first because of this, and what does it return?",
	[]string{
		"accept4, which returns a descriptor for CLIENT",
		"read, which returns bytes of CLIENT's",
		"read, which returns 0: the end of the stream",
		"read, which fails: ECONNRESET",
		"write, which takes all or a part of what is left",
		"write, which fails: ECONNRESET or EPIPE",
		"none: it makes no call about CLIENT",
	},
	func(r *recording.Recording, q *Question) int {
		made := calls(r, q, "accept4", "read", "write")
		if len(made) == 0 {
			return 6
		}
		switch c := made[0]; {
		case c.Name == "accept4":
			return 0
		case c.Name == "write" && c.Error != "":
			return 5
		case c.Name == "write":
			return 4
		case c.Error == "ECONNRESET":
			return 3
		case c.Error != "":
			return -1
		case c.Result == 0:
			return 2
		}
		return 1
	},
}

// write asks what becomes of a message for which there is no room.
var write = form{
	"CLIENT has sent 40,000 bytes, and does not read. What becomes of the server's write to CLIENT?",
	[]string{
		"the kernel takes all of the bytes",
		"the kernel takes a part, write returns how many, and the rest is left for later",
		"the server waits inside write, until CLIENT reads",
		"write fails with EAGAIN: the kernel takes none",
		"there is no write yet: the server is elsewhere",
	},
	func(r *recording.Recording, q *Question) int {
		writes := calls(r, q, "write")
		if len(writes) == 0 {
			return 4
		}
		taken := 0
		for _, c := range writes {
			if c.Returned == 0 || r.StepAt(c.Returned) > q.Step { // a signal can have ended one before
				return 2
			}
			taken += max(c.Result, 0)
		}
		switch {
		case taken == 0:
			return 3
		case taken < q.size:
			return 1
		}
		return 0
	},
}

// waitOf asks what the server waits for when everybody is quiet again.
func waitOf(lesson string) form {
	if lesson == repo.Lessons[0] {
		return form{
			"Everybody is quiet again. In which call is the server?",
			[]string{"accept4: it waits for the next client", "read of CLIENT", "write to CLIENT", "read of another client", "write to another client"},
			func(r *recording.Recording, q *Question) int {
				s := r.State(end(r, q.Step))
				in := s.Rows[slices.IndexFunc(s.Rows, func(row recording.RowState) bool { return row.Name == "server" })].In
				switch {
				case in == nil:
					return -1
				case in.Name == "accept4":
					return 0
				case in.Name == "read" && in.What == q.client:
					return 1
				case in.Name == "write" && in.What == q.client:
					return 2
				case in.Name == "read":
					return 3
				}
				return 4
			},
		}
	}
	return form{
		"Everybody is quiet again. What does the server's loop watch CLIENT for?",
		[]string{"something to read: a reader", "room to write: a writer", "both", "nothing: it does not watch CLIENT at all"},
		func(r *recording.Recording, q *Question) int {
			s := r.State(end(r, q.Step))
			for _, row := range s.Rows {
				process, _, _ := strings.Cut(row.Name, ": ")
				for _, w := range row.Watch {
					if p := s.Process(process); p == nil || p.What(w.FD) != q.client {
						continue
					}
					switch {
					case w.IsReader() && w.IsWriter():
						return 2
					case w.IsReader():
						return 0
					case w.IsWriter():
						return 1
					}
				}
			}
			return 3
		},
	}
}

// calls returns the calls of these names about the client that ended in the step, and
// the writes that were entered in it.
func calls(r *recording.Recording, q *Question, names ...string) (made []*recording.Call) {
	from, to := r.Steps[q.Step].At, end(r, q.Step)
	isIn := func(moment int) bool { return moment >= from && moment <= to }
	for i := range r.Calls {
		c := &r.Calls[i]
		isAbout := c.What == q.client || len(c.Opened) > 0 && c.Opened[0].What == q.client
		isReturned := isIn(c.Returned) || c.Name == "write" && isIn(c.Entered)
		if isAbout && isReturned && slices.Contains(names, c.Name) {
			made = append(made, c)
		}
	}
	return made
}

// end returns the last moment of a step.
func end(r *recording.Recording, step int) int {
	if step+1 < len(r.Steps) {
		return r.Steps[step+1].At - 1
	}
	return r.Moments() - 1
}

// Reveal shows what the server has done in a step, and how things stand after it.
func Reveal(r *recording.Recording, step int) (lines []string) {
	for _, line := range r.Lines(step) {
		lines = append(lines, line.String())
	}
	s := r.State(end(r, step))
	lines = append(lines, "")
	for _, p := range s.Processes {
		var open []string
		serves := len(s.Processes) == 1 // of several only those that serve a client
		for _, d := range p.Descriptors {
			isClient := slices.Contains(r.Clients, d.What)
			serves = serves || isClient
			if isClient || d.What == "server" || d.What == "stop" || d.What == "epoll" {
				open = append(open, fmt.Sprintf("%d %s", d.FD, d.What))
			}
		}
		if !serves {
			continue
		}
		lines = append(lines, fmt.Sprintf("descriptors of %s: %s", p.Name, strings.Join(open, ", ")))
		for _, row := range s.Rows {
			if row.Name == p.Name && r.Lesson != repo.Lessons[0] {
				lines = append(lines, fmt.Sprintf("readers of %s: %v, writers: %v", p.Name, row.Readers(), row.Writers()))
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Queues)) {
		if queue := s.Queues[name]; len(queue) > 0 {
			lines = append(lines, "in the accept queue: "+strings.Join(queue, ", "))
		}
	}
	return lines
}
