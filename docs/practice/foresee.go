package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path"
	"strconv"
	"strings"

	"example.com/echo/docs/practice/predict"
	"example.com/echo/docs/practice/text"
	"example.com/echo/docs/practice/workspace"
	"example.com/echo/docs/record/recorder"
	"example.com/echo/docs/recording"
	"example.com/echo/docs/repo"
)

// foresee has the reader say what a lesson's server will do in a short story, and
// then lets it do that.
func (s *session) foresee(word string, seed uint64) error {
	lesson, err := s.lessonNamed(word)
	if err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(seed, 1))
	story := predict.New(seed)
	steps, play := story.Steps(), func() (*recording.Recording, error) {
		fmt.Fprint(s.out, "The real server plays it, under strace ...\n\n")
		return record(s.root, lesson, story.Script())
	}
	if cannot := recorder.MayTrace(context.Background()); cannot != nil {
		s.print(text.Wrap(fmt.Sprintf("%v. So this is a recording that the repository keeps.", cannot), text.Width))
		kept, err := keptRecording(s.root, lesson, random)
		if err != nil {
			return err
		}
		steps, play = kept.Steps, func() (*recording.Recording, error) { return kept, nil }
	}
	questions := predict.Ask(lesson, steps, random)
	fmt.Fprintf(s.out, "%s, seed %d\n\n", lesson, seed)
	s.print(predict.Picture(steps, questions))
	picks := s.pickAll(steps, questions)
	made, err := play()
	if err != nil {
		return err
	}
	right := 0
	for i, q := range questions {
		answer := q.Answer(made)
		if answer < 0 {
			return fmt.Errorf("seed %d of %s went otherwise than any answer has it, in step %d", seed, lesson, q.Step)
		}
		verdict := "You were right"
		if picks[i] == answer {
			right++
		} else if picks[i] < 0 {
			verdict = "The answer"
		} else {
			verdict = "It went otherwise"
		}
		fmt.Fprintf(s.out, "%d: %s\n", q.Step, steps[q.Step].Text)
		s.print(text.Wrap(fmt.Sprintf("%s: %s.", verdict, q.Options[answer]), text.Width))
		fmt.Fprintln(s.out)
		s.print(text.Indented(predict.Reveal(made, q.Step)))
		fmt.Fprintln(s.out)
	}
	fmt.Fprintf(s.out, "%d of %d. Again: go run ./docs/practice -seed %d predict %s\n", right, len(questions), seed, lesson)
	if right < len(questions) {
		fmt.Fprintf(s.out, "What these calls do: %s/README.md\n", lesson)
		return nil
	}
	return s.space.Update(func(state *workspace.State) { state.Records[predictionOf(lesson)] = workspace.Record{Done: true} })
}

// predictionOf returns what a lesson's predictions are called in the state.
func predictionOf(lesson string) string { return "predict/" + lesson }

// lessonNamed returns a lesson by its name, or its number; without either, that of
// the current exercise.
func (s *session) lessonNamed(word string) (string, error) {
	if word == "" {
		e, err := s.find("")
		if err != nil {
			return "", err
		}
		return e.Lesson.Name, nil
	}
	for i, lesson := range repo.Lessons {
		if word == lesson || word == strconv.Itoa(i+1) {
			return lesson, nil
		}
	}
	return "", &wrongArguments{fmt.Sprintf("there is no lesson %q; there are %s", word, strings.Join(repo.Lessons, ", "))}
}

// pickAll asks all questions. A pick is -1 where the reader gives none.
func (s *session) pickAll(steps []recording.Step, questions []predict.Question) (picks []int) {
	replies := bufio.NewScanner(s.in)
	for _, q := range questions {
		fmt.Fprintf(s.out, "\n%d: %s\n", q.Step, steps[q.Step].Text)
		s.print(text.Wrap(q.Text, text.Width))
		for i, option := range q.Options {
			s.print(text.Indented([]string{fmt.Sprintf("%d  %s", i+1, option)}))
		}
		pick := -1
		for pick < 0 {
			fmt.Fprintf(s.out, "Your pick, 1 to %d: ", len(q.Options))
			if !replies.Scan() {
				fmt.Fprintln(s.out)
				break
			}
			if n, err := strconv.Atoi(strings.TrimSpace(replies.Text())); err == nil && n >= 1 && n <= len(q.Options) {
				pick = n - 1
			}
		}
		picks = append(picks, pick)
	}
	fmt.Fprintln(s.out)
	return picks
}

// record plays a script to a lesson's program.
func record(root repo.Root, lesson string, script recorder.Script) (*recording.Recording, error) {
	r, err := recorder.New(root)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return r.Record(context.Background(), lesson, script)
}

// keptRecording returns one of the recordings of a lesson that the repository keeps.
func keptRecording(root repo.Root, lesson string, random *rand.Rand) (*recording.Recording, error) {
	all, err := recording.All(root.FS())
	if err != nil {
		return nil, err
	}
	var ofLesson []*recording.Recording
	for _, r := range all {
		if r.Lesson == lesson && len(predict.Ask(lesson, r.Steps, random)) == 3 {
			ofLesson = append(ofLesson, r)
		}
	}
	if len(ofLesson) == 0 {
		return nil, errors.New("no recording is kept in " + path.Join(recording.Dir, lesson))
	}
	return ofLesson[random.IntN(len(ofLesson))], nil
}
