//go:build linux

// Command lab measures the five servers side by side, and says what each costs.
//
//	go run ./docs/lab [-quick] [-only idle,calls] [-peers] [-o docs/figures]
//
// It builds the servers, drives each with clients that run in a process of
// their own and compare every byte, and prints tables. With -o it also writes
// the raw figures, as JSON, and the charts made of them; with -redraw it makes
// the charts anew of figures that are already there. The tables of docs/figures
// come from go run ./docs/weave.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"example.com/echo/docs/lab/figures"
	"example.com/echo/docs/lab/load"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == driveWord {
		if err := load.Serve(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	cancel()
	switch {
	case err == nil:
	case errors.Is(err, flag.ErrHelp):
		os.Exit(2)
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "lab: interrupted; every server and client is ended")
		os.Exit(1)
	default:
		fmt.Fprintf(os.Stderr, "lab: %v\n", err)
		os.Exit(1)
	}
}

// run does what the arguments say. Tables go to out, progress and complaints to
// complaints.
func run(ctx context.Context, args []string, out, complaints io.Writer) error {
	var all, byDefault []string
	for _, e := range experiments {
		all = append(all, e.name)
		if !e.onRequest {
			byDefault = append(byDefault, e.name)
		}
	}
	flags := flag.NewFlagSet("lab", flag.ContinueOnError)
	flags.SetOutput(complaints)
	quick := flags.Bool("quick", false, "measure shorter and once: under two minutes in all")
	only := flags.String("only", strings.Join(byDefault, ","), "the `experiments` to do, of "+strings.Join(all, ","))
	peers := flags.Bool("peers", false, "measure gnet, evio, netpoll and, with gcc, a C loop too")
	dir := flags.String("o", "", "write figures and charts into this `directory`, as in docs/figures")
	redraw := flags.Bool("redraw", false, "measure nothing; make the charts of the figures in the directory of -o anew")
	if err := flags.Parse(args); err != nil {
		return flag.ErrHelp // it has said what is wrong
	}
	if *redraw {
		f, err := figures.Read(*dir)
		if err != nil {
			return err
		}
		return draw(f, *dir)
	}
	chosen, err := choose(strings.Split(*only, ","))
	if err != nil {
		return err
	}
	b, err := newBench(ctx, *quick, *peers, complaints)
	if err != nil {
		return err
	}
	defer b.close()
	var failed []string
	measured := &figures.Figures{Machine: b.root.Machine(), Quick: *quick}
	for _, e := range chosen {
		table, err := e.run(b)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil { // the others may still be possible
			fmt.Fprintf(complaints, "lab: %s: %v\n", e.name, err)
			failed = append(failed, e.name)
			continue
		}
		table.Name, table.Title = e.name, e.title
		measured.Tables = append(measured.Tables, table)
		table.Print(out)
	}
	if *dir != "" {
		if err := errors.Join(measured.Write(*dir), draw(measured, *dir)); err != nil {
			return err
		}
	}
	if len(failed) > 0 {
		return fmt.Errorf("not done: %s", strings.Join(failed, ", "))
	}
	return nil
}

// choose returns the experiments of these names.
func choose(names []string) ([]experiment, error) {
	var chosen []experiment
	for _, name := range names {
		found := false
		for _, e := range experiments {
			if e.name == name {
				chosen = append(chosen, e)
				found = true
			}
		}
		if !found {
			return nil, fmt.Errorf("no experiment %q; -h tells which there are", name)
		}
	}
	return chosen, nil
}
