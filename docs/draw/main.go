// Draw makes the lessons' pictures of recordings: what the kernel keeps, with
// the numbers of a run.
//
//	go run ./docs/draw           draws docs/pictures/*.svg
//	go run ./docs/draw -check    says which are stale, and ends with status 1
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path"

	"example.com/echo/docs/recording"
	"example.com/echo/docs/repo"
)

// dir is where the pictures are, from the root of the repository.
const dir = "docs/pictures"

// A drawing is a picture, and the recordings that it is made of. Its moment is in
// the step in which the client does something.
type drawing struct {
	name         string
	draw         func(p *picture, step int, lessons []*recording.Recording)
	script       string
	client, does string
	lessons      []string
}

var drawings = []drawing{
	{"accept-queue", acceptQueue, "second-speaks-first", "bob", "sends", repo.Lessons[:1]},
	{"bit-sets", bitSets, "message-larger-than-room", "bob", "sends", repo.Lessons[1:2]},
	{"pollfd-array", pollfdArray, "message-larger-than-room", "bob", "sends", repo.Lessons[2:3]},
	{"epoll-instance", epollInstance, "message-larger-than-room", "bob", "sends", repo.Lessons[3:4]},
	{"workers-shared", workers, "four-workers-one-arrival-shared", "alice", "connects", repo.Lessons[4:]},
	{"workers-exclusive", workers, "four-workers-one-arrival-exclusive", "alice", "connects", repo.Lessons[4:]},
	{"workers-reuseport", workers, "four-workers-one-arrival-reuseport", "alice", "connects", repo.Lessons[4:]},
	{"two-lessons", twoLessons, "four-clients", "dave", "connects", []string{repo.Lessons[1], repo.Lessons[3]}},
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run returns the exit status.
func run(args []string, out, complaints io.Writer) int {
	flags := flag.NewFlagSet("draw", flag.ContinueOnError)
	flags.SetOutput(complaints)
	check := flags.Bool("check", false, "draw nothing; print which pictures are stale")
	if err := flags.Parse(args); err != nil {
		return 2 // it has said what is wrong
	}
	root, err := repo.FindRoot()
	if err != nil {
		fmt.Fprintln(complaints, "draw:", err)
		return 1
	}
	status := 0
	for _, d := range drawings {
		svg, err := d.svg(root)
		switch {
		case err != nil:
		case *check:
			err = d.stale(root, svg)
		default:
			err = os.WriteFile(root.Path(d.path()), svg, 0o666)
		}
		if err != nil {
			fmt.Fprintln(complaints, "draw:", err)
			status = 1
		}
	}
	if status == 0 && !*check {
		fmt.Fprintf(out, "%s: %d pictures\n", dir, len(drawings))
	}
	return status
}

// path returns where the picture is, from the root of the repository.
func (d drawing) path() string { return path.Join(dir, d.name+".svg") }

// svg draws the picture.
func (d drawing) svg(root repo.Root) ([]byte, error) {
	var lessons []*recording.Recording
	for _, lesson := range d.lessons {
		r, err := recording.Load(root.FS(), lesson, d.script)
		if err == nil {
			err = r.Stale(root.FS())
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.path(), err)
		}
		lessons = append(lessons, r)
	}
	for step, s := range lessons[0].Steps {
		if s.Client == d.client && s.Does == d.does {
			p := &picture{name: d.name}
			d.draw(p, step, lessons)
			return p.svg(), nil
		}
	}
	return nil, fmt.Errorf("%s: in the script %s there is no step in which %s %s", d.path(), d.script, d.client, d.does)
}

// stale returns an error if the file is not the picture.
func (d drawing) stale(root repo.Root, svg []byte) error {
	drawn, err := os.ReadFile(root.Path(d.path()))
	if err != nil || !bytes.Equal(drawn, svg) {
		return fmt.Errorf("%s is missing or stale; go run ./docs/draw makes it anew", d.path())
	}
	return nil
}

// returns returns the wait of a row that returns in a step: the first.
func returns(r *recording.Recording, step int, row string) *recording.Call {
	for i := range r.Calls {
		c := &r.Calls[i]
		if c.Row == row && c.Returned > 0 && r.StepAt(c.Returned) == step && c.Waits(r.Lesson) {
			return c
		}
	}
	return nil
}
