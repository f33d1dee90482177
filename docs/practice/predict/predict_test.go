//go:build linux

package predict

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"example.com/echo/docs/record/recorder"
	"example.com/echo/docs/recording"
	"example.com/echo/docs/repo"
	"github.com/google/go-cmp/cmp"
)

// TestSeeds holds stories of one number to differ in nothing but names: what one of
// them does, all do.
func TestSeeds(t *testing.T) {
	known := map[int]string{}
	for seed := range uint64(200) {
		s := New(seed)
		text := strings.NewReplacer(s.main, "MAIN", s.rest, "REST").Replace(fmt.Sprint(s.Script().Steps))
		if other, ok := known[s.Number()]; ok && other != text {
			t.Errorf("two stories of number %d:\n%s\n%s", s.Number(), other, text)
		}
		known[s.Number()] = text
	}
	if len(known) != Stories {
		t.Errorf("expected %d stories in 200 seeds, found %d", Stories, len(known))
	}
}

// TestAnswers plays stories to the lessons, and holds every question that can be
// asked to one answer. With TAKE_TIME in the environment all stories of 200 seeds are
// played, five times each; that takes a quarter of an hour.
func TestAnswers(t *testing.T) {
	if err := recorder.MayTrace(t.Context()); err != nil {
		t.Skip(err)
	}
	root, err := repo.FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	r, err := recorder.New(root)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	lessons, seeds, runs := repo.Lessons, 200, 5
	if os.Getenv("TAKE_TIME") == "" {
		lessons, seeds, runs = repo.Lessons[1:2], 1, 2
	}
	for _, lesson := range lessons {
		if _, err := r.Program(t.Context(), lesson); err != nil { // before stories that are played at the same time need it
			t.Fatal(err)
		}
		isPlayed := map[int]bool{}
		for seed := range uint64(seeds) {
			s := New(seed)
			if isPlayed[s.Number()] {
				continue
			}
			isPlayed[s.Number()] = true
			t.Run(fmt.Sprintf("%s/seed %d", lesson, seed), func(t *testing.T) {
				t.Parallel()
				var answers []string
				for range runs {
					made, err := r.Record(t.Context(), lesson, s.Script())
					if err != nil {
						t.Fatal(err)
					}
					again := answersTo(t, made, s.Steps())
					if answers != nil && !slices.Equal(answers, again) {
						t.Errorf("another run has other answers:\n%s", cmp.Diff(answers, again))
					}
					answers = again
				}
			})
		}
	}
}

// answersTo returns the answers to all questions about a recording.
func answersTo(t *testing.T, r *recording.Recording, steps []recording.Step) (answers []string) {
	t.Helper()
	for _, c := range candidates(r.Lesson, steps) {
		answer := c.Answer(r)
		if answer < 0 {
			t.Errorf("%s, %s, step %d, %q: none of the options is right", r.Lesson, r.Script, c.Step, c.Text)
			continue
		}
		answers = append(answers, fmt.Sprintf("%d: %s %s", c.Step, c.Text, c.Options[answer]))
	}
	return answers
}

// TestKept holds the recordings that the repository keeps to having an answer to
// every question: they serve where strace may not trace.
func TestKept(t *testing.T) {
	root, err := repo.FindRoot()
	if err != nil {
		t.Fatal(err)
	}
	all, err := recording.All(root.FS())
	if err != nil {
		t.Fatal(err)
	}
	asked := map[string]int{}
	for _, r := range all {
		asked[r.Lesson] += len(answersTo(t, r, r.Steps))
	}
	for _, lesson := range repo.Lessons {
		if asked[lesson] < 10 {
			t.Errorf("%s: expected at least 10 questions about kept recordings, found %d", lesson, asked[lesson])
		}
	}
}
