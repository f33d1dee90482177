package main

import (
	"slices"
	"strings"

	"example.com/echo/docs/recording"
	"example.com/echo/docs/repo"
	"example.com/echo/docs/site/replay"
)

// A script is what clients do, with a replay of everybody who can play it.
type script struct {
	Name, About string
	Steps       []recording.Step
	Players     []player
}

// A player is a lesson, or a form of it that has a script of its own: "shared" of
// four-workers-one-arrival-shared.
type player struct {
	ID, Label string
	*replay.Replay
}

// readScripts reads all recordings. Scripts of one lesson with the same steps
// become one, so that its forms can be laid side by side.
func (s *site) readScripts() error {
	all, err := recording.All(s.root.FS())
	if err != nil {
		return err
	}
	for _, r := range all {
		sc := s.scriptLike(r)
		if sc == nil {
			s.scripts = append(s.scripts, &script{Name: r.Script, About: r.About, Steps: r.Steps})
			sc = s.scripts[len(s.scripts)-1]
		}
		sc.Players = append(sc.Players, player{ID: r.Lesson, Label: r.Lesson, Replay: replay.New(r)})
	}
	for _, sc := range s.scripts {
		sc.nameForms()
	}
	slices.SortStableFunc(s.scripts, func(a, b *script) int { return slices.Index(firstScripts, b.Name) - slices.Index(firstScripts, a.Name) })
	return nil
}

// firstScripts are those that a newcomer sees first, the first at the end.
var firstScripts = []string{"message-larger-than-room", "second-speaks-first", "two-clients", "one-client"}

func (s *site) scriptLike(r *recording.Recording) *script {
	for _, sc := range s.scripts {
		sameSteps := slices.EqualFunc(sc.Steps, r.Steps, func(a, b recording.Step) bool { return a.Text == b.Text })
		if sc.Name == r.Script || sc.About == r.About && sameSteps {
			return sc
		}
	}
	return nil
}

// nameForms names the players after their forms, if one lesson has several.
func (sc *script) nameForms() {
	if len(sc.Players) < 2 || sc.Players[0].Recording.Lesson != sc.Players[1].Recording.Lesson {
		return
	}
	first, last := sc.Players[0].Recording.Script, sc.Players[1].Recording.Script
	n := 0
	for n < len(first) && n < len(last) && first[n] == last[n] {
		n++
	}
	n = strings.LastIndex(first[:n], "-") + 1
	sc.Name = strings.TrimSuffix(first[:n], "-")
	for i := range sc.Players {
		form := sc.Players[i].Recording.Script[n:]
		loop := "select"
		for _, flag := range sc.Players[i].Recording.Flags {
			if name, ok := strings.CutPrefix(flag, "-loop="); ok {
				loop = name
			}
		}
		sc.Players[i].ID, sc.Players[i].Label = form, sc.Players[i].Label+", "+form+" ("+loop+")"
	}
}

// path returns where the script's page is.
func (sc *script) path() string { return "replay/" + sc.Name + ".html" }

// pair returns who is shown first: select and epoll, a herd and none, or the first
// two.
func (sc *script) pair() (left, right string) {
	has := func(id string) bool {
		return slices.ContainsFunc(sc.Players, func(p player) bool { return p.ID == id })
	}
	for _, first := range [][2]string{{repo.Lessons[1], repo.Lessons[3]}, {"shared", "exclusive"}} {
		if has(first[0]) && has(first[1]) {
			return first[0], first[1]
		}
	}
	if len(sc.Players) == 1 {
		return sc.Players[0].ID, ""
	}
	return sc.Players[0].ID, sc.Players[1].ID
}
