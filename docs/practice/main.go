// Practice has the reader repair, rebuild and change the lessons' programs, in a
// copy of their own, and plays the scenarios against what they make of it.
// The flag -h lists its commands. In a terminal it watches the files, and checks
// again when one is saved.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"

	"golang.org/x/term"
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// run returns the exit status: 0 if what was checked has passed, or there was
// nothing to check; 1 if not; 2 for arguments that make no sense.
func run(args []string, in, out, complaints *os.File) int {
	// A set of its own, without the flags of tests.
	flags := flag.NewFlagSet("practice", flag.ContinueOnError)
	flags.SetOutput(complaints)
	dir := flags.String("dir", "", "keep the copies in this `folder` (default: practice, in the repository)")
	seed := flags.Uint64("seed", rand.Uint64N(1_000_000), "of predict: the same `number` gives the same story")
	once := flags.Bool("once", false, "check once, print plain lines, and end")
	flags.Usage = func() {
		fmt.Fprintln(complaints, usage)
		flags.PrintDefaults()
	}
	var words []string
	for rest := args; rest != nil; { // flags may stand anywhere
		switch err := flags.Parse(rest); {
		case err == flag.ErrHelp:
			return 0
		case err != nil:
			return 2
		}
		if rest = nil; flags.NArg() > 0 {
			words, rest = append(words, flags.Arg(0)), flags.Args()[1:]
		}
	}
	s, err := open(*dir, out)
	if err == nil {
		defer s.close()
		s.isTerminal = !*once && os.Getenv("TERM") != "dumb" && term.IsTerminal(int(in.Fd())) && term.IsTerminal(int(out.Fd()))
		s.in, s.seed = in, *seed
		err = s.obey(words)
	}
	var wrong *wrongArguments
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errFails):
		return 1
	case errors.As(err, &wrong):
		fmt.Fprintln(complaints, "practice:", err)
		return 2
	}
	fmt.Fprintln(complaints, "practice:", strings.ReplaceAll(err.Error(), "\n", " "))
	return 1
}

const usage = `usage: go run ./docs/practice [-dir FOLDER] [-once] [-seed NUMBER] [COMMAND]
  (nothing)        goes on with the next exercise
  NAME             begins an exercise, or goes on with it
  list [WORD]      lists all, or those whose names contain the word
  hint [NAME]      shows the next hint
  answer [NAME]    shows the answer
  compare [NAME]   shows your file beside the answer's
  check [NAME]     checks once; "check all" checks all that were begun
  reset [NAME]     begins anew; what was there is kept
  predict [LESSON] asks what the kernel and the server will do, and then shows it
  server COMMAND   plays the scenarios against your own server, in any language`

// errFails says that what was checked has not passed. It was told already.
var errFails = errors.New("fails")

// wrongArguments are those that make no sense.
type wrongArguments struct{ why string }

func (w *wrongArguments) Error() string { return w.why }

// obey does what the arguments say.
func (s *session) obey(args []string) error {
	if len(args) == 0 {
		return s.goOn()
	}
	name := ""
	if len(args) > 1 {
		name = args[1]
	}
	if len(args) > 2 && args[0] == "server" {
		return &wrongArguments{fmt.Sprintf("put the command in quotes: server '%s'", strings.Join(args[1:], " "))}
	}
	if len(args) > 2 {
		return &wrongArguments{fmt.Sprintf("too many arguments: %s", strings.Join(args, " "))}
	}
	switch args[0] {
	case "server":
		if name == "" {
			return &wrongArguments{"server wants a command, as in: server 'python3 mine.py {host} {port}'"}
		}
		return s.climb(name)
	case "predict":
		return s.foresee(name, s.seed)
	case "list":
		return s.list(name)
	case "hint":
		return s.with(name, s.hint)
	case "answer":
		return s.with(name, s.answer)
	case "compare":
		return s.with(name, s.compare)
	case "reset":
		return s.with(name, s.reset)
	case "check":
		if name == "all" {
			return s.checkAll(func(line string) { fmt.Fprintln(s.out, line) })
		}
		return s.with(name, s.checkOnce)
	}
	if len(args) > 1 {
		return &wrongArguments{fmt.Sprintf("there is no command %q; -h lists them", args[0])}
	}
	return s.with(args[0], s.start)
}

// needGo returns an error if there is no Go to build the copies with.
func needGo() error {
	if _, err := exec.LookPath("go"); err != nil {
		return errors.New("go is missing: the program is built with it (https://go.dev/doc/install)")
	}
	return nil
}

// confirm asks a question, if a reader is there to answer it.
func (s *session) confirm(question string) bool {
	if !s.isTerminal {
		return true
	}
	fmt.Fprintf(s.out, "%s (y/n) ", question)
	var reply string
	fmt.Fscanln(io.Reader(s.in), &reply)
	return strings.HasPrefix(strings.ToLower(reply), "y")
}
