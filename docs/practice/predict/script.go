// Package predict makes short client scripts of seeds, asks what the server will
// do, and finds the answer in a recording.
package predict

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"example.com/echo/docs/record/recorder"
	"example.com/echo/docs/recording"
)

// messageSize is more than the room for its echo.
const messageSize = 40_000

// A Story is a script of a seed: what one client does that matters, and when the
// other connects and speaks.
type Story struct {
	event      int  // 0 half-closes, 1 closes, 2 resets, 3 is deaf and reads, 4 is deaf and resets
	isSecond   bool // the one that matters connects second
	other      int  // speaks: 0 never, 1 before the event, 2 after it
	main, rest string
	random     *rand.Rand
}

// Stories is how many stories there are, but for the names.
const Stories = 5 * 2 * 3

// New returns the story of a seed.
func New(seed uint64) *Story {
	random := rand.New(rand.NewPCG(seed, 0))
	names := []string{"alice", "bob", "carol", "dave"}
	random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	return &Story{event: random.IntN(5), isSecond: random.IntN(2) == 1, other: random.IntN(3), main: names[0], rest: names[1], random: random}
}

// Number is the same for seeds whose stories differ in names only.
func (s *Story) Number() int {
	number := s.event*6 + s.other*2
	if s.isSecond {
		number++
	}
	return number
}

// Script returns the story as a script for the recorder.
func (s *Story) Script() recorder.Script {
	isDeaf := s.event >= 3
	step := func(who string, does recorder.Action, text string) recorder.Step {
		return recorder.Step{Who: who, Does: does, Text: who + " " + text + "."}
	}
	connects := step(s.main, recorder.Connects, "connects")
	sends := step(s.main, recorder.Sends, "sends a line, and reads what comes back")
	sends.Data = "hello\n"
	if isDeaf {
		connects = step(s.main, recorder.Narrow, "connects, with little room for what comes back")
		sends = step(s.main, recorder.Deaf, "sends 40,000 bytes, which is more than there is room for on the way back, and does not read")
		sends.Data, sends.Size = "x", messageSize
	}
	speaks := step(s.rest, recorder.Sends, "sends a line, and reads what comes back")
	speaks.Data = "hi\n"
	steps := []recorder.Step{connects, step(s.rest, recorder.Connects, "connects")}
	if s.isSecond {
		slices.Reverse(steps)
	}
	steps = append(steps, sends)
	if s.other == 1 {
		steps = append(steps, speaks)
	}
	steps = append(steps, []recorder.Step{
		step(s.main, recorder.HalfCloses, "half-closes: nothing more will come, and it reads to the end"),
		step(s.main, recorder.Closes, "leaves"),
		step(s.main, recorder.Resets, "resets its connection"),
		step(s.main, recorder.Reads, "reads, until all of it is back"),
		step(s.main, recorder.Resets, "resets its connection, and has read nothing"),
	}[s.event])
	if s.other == 2 {
		steps = append(steps, speaks)
	}
	if s.event == 0 || s.event == 3 {
		steps = append(steps, step(s.main, recorder.Closes, "leaves"))
	}
	steps = append(steps, step(s.rest, recorder.Closes, "leaves"))
	return recorder.Script{Name: fmt.Sprintf("story-%d", s.Number()), About: "A story of a seed.", Steps: steps}
}

// Steps returns the steps of the script as a recording has them, from 1 on: step
// 0 is the server's start.
func (s *Story) Steps() []recording.Step {
	steps := []recording.Step{{Does: "starts"}}
	for _, step := range s.Script().Steps {
		steps = append(steps, recording.Step{Client: step.Who, Does: step.Does.Recorded(), Text: step.Text, Size: max(step.Size, len(step.Data))})
	}
	return steps
}

// Picture draws steps: a column for each client, a row for each step, and a mark
// where there is a question.
func Picture(steps []recording.Step, questions []Question) (lines []string) {
	var clients []string
	for _, step := range steps {
		if step.Client != "" && !slices.Contains(clients, step.Client) {
			clients = append(clients, step.Client)
		}
	}
	const column = 24
	line := "      "
	for _, client := range clients {
		line += fmt.Sprintf("%-*s", column, client)
	}
	lines = append(lines, line)
	for i, step := range steps {
		if i == 0 {
			continue
		}
		mark := " "
		if slices.ContainsFunc(questions, func(q Question) bool { return q.Step == i }) {
			mark = "?"
		}
		at := max(slices.Index(clients, step.Client), 0)
		text := step.Does
		if step.Client == "" {
			text = "(server) " + text
		}
		if step.Size > 0 {
			text = fmt.Sprintf("%s %d bytes", text, step.Size)
		}
		lines = append(lines, strings.TrimRight(fmt.Sprintf("%s %2d  %s%s", mark, i, strings.Repeat(" ", at*column), text), " "))
	}
	return lines
}
