//go:build linux

// Command longrun runs the servers for long: a million connections, ten
// gigabytes, signals, hunger for descriptors, killed workers. After each run it
// holds what the server has open, its memory and its processor time against
// what they were before.
//
//	go run ./docs/longrun [-lesson 04-epoll] [-run bytes] [-scale 0.01] [-o docs/long-runs.md]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"example.com/echo/docs/repo"
	"example.com/echo/docs/splice"
)

const tool = "longrun" // by its name in the page

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	cancel()
	switch err {
	case nil:
	case flag.ErrHelp:
		os.Exit(2)
	default:
		fmt.Fprintf(os.Stderr, "longrun: %v\n", err)
		os.Exit(1)
	}
}

// run does what the arguments say, and prints the figures to out.
func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("longrun", flag.ContinueOnError)
	lesson := flags.String("lesson", "", "only this `lesson`, as in 04-epoll")
	name := flags.String("run", "", "only this `run`: "+strings.Join(loadNames(), ", "))
	scale := flags.Float64("scale", 1, "so much of each run")
	page := flags.String("o", "", "also write the figures into this `page`, as in docs/long-runs.md")
	if err := flags.Parse(args); err != nil {
		return flag.ErrHelp // it has said what is wrong
	}
	trials := plan(*lesson, *name)
	if len(trials) == 0 || *scale <= 0 {
		return fmt.Errorf("there is no such run (-lesson %q -run %q -scale %v)", *lesson, *name, *scale)
	}
	root, err := repo.FindRoot()
	if err != nil {
		return err
	}
	figures := &report{trials: trials, scale: *scale, machine: root.Machine()}
	if *page != "" { // better told now than in half an hour
		if *lesson != "" || *name != "" {
			return errors.New("the page of -o has the figures of all runs: leave out -lesson and -run")
		}
		text, err := os.ReadFile(*page)
		if err == nil {
			_, err = splice.Page(string(text), tool, figures.part)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", *page, err)
		}
	}
	programs, err := build(ctx, root)
	if err != nil {
		return err
	}
	defer os.RemoveAll(programs)

	var failed error
	for _, t := range trials {
		fmt.Fprintf(os.Stderr, "%s %s ...\n", t.lesson, t.load.name)
		if err := t.run(ctx, programs, *scale); err != nil {
			failed = fmt.Errorf("%s %s: %w", t.lesson, t.load.name, err)
			break
		}
		fmt.Fprintf(os.Stderr, "  %s\n", t.summary())
	}
	fmt.Fprint(out, table(trials))
	if failed == nil && *page != "" {
		return splice.File(*page, tool, figures.part)
	}
	return failed
}

// plan returns the trials of one lesson and one run; "" stands for all.
func plan(lesson, name string) []*trial {
	var trials []*trial
	for _, l := range repo.Lessons {
		for _, load := range loads {
			if (lesson == "" || lesson == l) && (name == "" || name == load.name) && slices.Contains(load.lessons, l) {
				trials = append(trials, &trial{lesson: l, load: load})
			}
		}
	}
	return trials
}

// build builds all lessons' programs and returns the directory that has them,
// to be removed by the caller.
func build(ctx context.Context, root repo.Root) (string, error) {
	programs, err := repo.ProgramDir("longrun")
	if err != nil {
		return "", err
	}
	err = together(ctx, len(repo.Lessons), func(ctx context.Context, i int) error {
		lesson := repo.Lessons[i]
		return root.Build(ctx, lesson, filepath.Join(programs, lesson))
	})
	if err != nil {
		os.RemoveAll(programs)
		return "", err
	}
	return programs, nil
}
