package main

import (
	"fmt"

	"example.com/echo/docs/recording"
	"example.com/echo/docs/site/replay"
)

const replayIndex = "replay/index.html"

// addReplays makes a page for each script, and the data of its players.
func (s *site) addReplays() error {
	type row struct {
		*script
		URL string
	}
	var rows []row
	for _, sc := range s.scripts {
		rows = append(rows, row{sc, relative(replayIndex, sc.path())})
		for _, p := range sc.Players {
			if err := s.addPlayer(sc, p); err != nil {
				return err
			}
		}
		if err := s.addScript(sc); err != nil {
			return err
		}
	}
	body, err := execute("replays.html", rows)
	if err != nil {
		return err
	}
	return s.add(&page{Path: replayIndex, Title: "Replay", Body: body})
}

func (s *site) addPlayer(sc *script, p player) error {
	m, err := s.newMoments(p.Replay)
	if err != nil {
		return err
	}
	base := "replay/" + sc.Name + "/" + p.ID
	if s.files[base+".js"], err = m.script(p.ID); err != nil {
		return err
	}
	s.files[base+".trace.json"], err = replay.Trace(p.Recording)
	return err
}

// A stage is what the page of a script shows.
type stage struct {
	*script
	Left, Right string
	Sides       []string
	Table       []stageRow
	Scripts     []link
}

// A stageRow is a step of the table for those who have no scripts.
type stageRow struct {
	Text  string
	Cells [][]recording.Line
}

func (s *site) addScript(sc *script) error {
	st := stage{script: sc, Sides: []string{"Left", "Right"}}
	st.Left, st.Right = sc.pair()
	for i, step := range sc.Steps {
		row := stageRow{Text: step.Text}
		for _, p := range sc.Players {
			row.Cells = append(row.Cells, p.Recording.Lines(i))
		}
		st.Table = append(st.Table, row)
	}
	for _, other := range s.scripts {
		st.Scripts = append(st.Scripts, link{URL: relative(sc.path(), other.path()), Text: other.Name, Here: other == sc})
	}
	body, err := execute("replay.html", st)
	if err != nil {
		return err
	}
	return s.add(&page{Path: sc.path(), Title: "Replay: " + sc.Name, Class: "stage", Body: body, Scripts: []string{"replay.js"}})
}

// momentURL returns the link from a page to the replay of a moment, beside other
// if that can play the script too.
func (s *site) momentURL(from string, r *recording.Recording, moment int, other string) string {
	for _, sc := range s.scripts {
		left, right := "", ""
		var of *replay.Replay
		for _, p := range sc.Players {
			switch {
			case p.Recording.Lesson == r.Lesson && p.Recording.Script == r.Script:
				left, of = p.ID, p.Replay
			case p.ID == other:
				right = p.ID
			}
		}
		if of != nil {
			step, frame := of.Find(moment)
			return fmt.Sprintf("%s#%s,%s,%d.%d", relative(from, sc.path()), left, right, step, frame)
		}
	}
	return ""
}
