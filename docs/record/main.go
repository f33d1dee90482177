// Command record plays client scripts to the lessons under strace, and keeps
// what the kernel saw in docs/recordings.
//
//	go run ./docs/record                                       # all of them
//	go run ./docs/record two-clients                           # one script
//	go run ./docs/record 04-epoll two-clients                  # one script, one lesson
//	go run ./docs/record -show 04-epoll two-clients            # print it, keep nothing
//	go run ./docs/record -show 02-select 04-epoll two-clients  # two beside each other
//	go run ./docs/record -list                                 # the scripts
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"

	"example.com/echo/docs/record/recorder"
	"example.com/echo/docs/recording"
	"example.com/echo/docs/repo"
)

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	defer cancel()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "record:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	isShow := flag.Bool("show", false, "print a transcript of a run on this machine, and keep nothing")
	isList := flag.Bool("list", false, "print the scripts, and which lessons can play them")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: go run ./docs/record [-list | -show] [LESSON [LESSON]] [SCRIPT]")
		flag.PrintDefaults()
	}
	flag.Parse()
	if *isList {
		list()
		return nil
	}
	root, err := repo.FindRoot()
	if err != nil {
		return err
	}
	if *isShow && flag.NArg() != 2 && flag.NArg() != 3 {
		return errors.New("-show: want one lesson, or two, and a script: -show 04-epoll two-clients")
	}
	wanted, err := choose(flag.Args())
	if err != nil {
		return err
	}
	r, err := recorder.New(root)
	if err != nil {
		return err
	}
	defer r.Close()
	if *isShow {
		return show(ctx, root, r, wanted)
	}
	return keep(ctx, root, r, wanted)
}

// A pairing is a script, and a lesson to play it to.
type pairing struct {
	lesson string
	script recorder.Script
}

// choose returns what the arguments name: lessons and a script, or a script and
// with it all lessons that can play it. No arguments name everything.
func choose(args []string) (chosen []pairing, err error) {
	if len(args) == 0 {
		for _, s := range recorder.Scripts {
			for _, lesson := range s.Lessons {
				chosen = append(chosen, pairing{lesson, s})
			}
		}
		return chosen, nil
	}
	lessons, name := args[:len(args)-1], args[len(args)-1]
	at := slices.IndexFunc(recorder.Scripts, func(s recorder.Script) bool { return s.Name == name })
	if at < 0 {
		return nil, fmt.Errorf("there is no script %q: -list prints those that there are", name)
	}
	s := recorder.Scripts[at]
	if len(lessons) == 0 {
		lessons = s.Lessons
	}
	for _, lesson := range lessons {
		if !slices.Contains(s.Lessons, lesson) {
			return nil, fmt.Errorf("%q cannot play %s: %s can", lesson, name, strings.Join(s.Lessons, ", "))
		}
		chosen = append(chosen, pairing{lesson, s})
	}
	return chosen, nil
}

func list() {
	for _, s := range recorder.Scripts {
		fmt.Printf("%-26s %s\n%26s %s\n", s.Name, s.About, "", strings.Join(s.Lessons, " "))
	}
}

// keep makes recordings and writes their files.
func keep(ctx context.Context, root repo.Root, r *recorder.Recorder, wanted []pairing) error {
	if err := recorder.MayTrace(ctx); err != nil {
		return err
	}
	for _, w := range wanted {
		made, err := r.Record(ctx, w.lesson, w.script)
		if err != nil {
			return err
		}
		text, err := made.Encode()
		if err != nil {
			return err
		}
		name := root.Path(recording.Path(w.lesson, w.script.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, text, 0o644); err != nil {
			return err
		}
		fmt.Printf("%s: %d calls, %d bytes\n", recording.Path(w.lesson, w.script.Name), len(made.Calls), len(text))
	}
	return nil
}

// show prints the transcript of a run on this machine; of the kept recording, if
// this machine cannot make one.
func show(ctx context.Context, root repo.Root, r *recorder.Recorder, wanted []pairing) error {
	cannot := recorder.MayTrace(ctx)
	if cannot != nil {
		fmt.Fprintf(os.Stderr, "record: %v; this is the recording in %s\n", cannot, recording.Dir)
	}
	var shown []*recording.Recording
	for _, w := range wanted {
		var made *recording.Recording
		var err error
		if cannot == nil {
			made, err = r.Record(ctx, w.lesson, w.script)
		} else {
			made, err = recording.Load(root.FS(), w.lesson, w.script.Name)
		}
		if err != nil {
			return err
		}
		shown = append(shown, made)
	}
	first := shown[0]
	fmt.Printf("%s: %s\n\n%s", first.Script, first.About, recording.Transcript(0, len(first.Steps)-1, shown...))
	return nil
}
