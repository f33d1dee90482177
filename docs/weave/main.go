// Weave fills the pages of this repository with what comes from elsewhere: code
// from its sources, logs from golden files, figures from measurements, output
// from commands. So nothing in the pages is pasted, and a test finds what is
// stale. README.md beside this file says how a page asks for something.
//
//	go run ./docs/weave           fills all pages
//	go run ./docs/weave -check    says what is stale, and ends with status 1
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"example.com/echo/docs/repo"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run returns the exit status.
func run(args []string, out, complaints io.Writer) int {
	flags := flag.NewFlagSet("weave", flag.ContinueOnError)
	flags.SetOutput(complaints)
	check := flags.Bool("check", false, "change nothing; print what is stale")
	if err := flags.Parse(args); err != nil {
		return 2 // it has said what is wrong
	}
	root, err := repo.FindRoot()
	if err != nil {
		fmt.Fprintln(complaints, "weave:", err)
		return 1
	}
	w := &weaver{root: root, slow: true}
	names, err := root.Pages()
	if err != nil {
		fmt.Fprintln(complaints, "weave:", err)
		return 1
	}
	status := 0
	for _, name := range names {
		page, err := w.page(name)
		if err != nil {
			fmt.Fprintln(complaints, err)
			status = 1
			continue
		}
		for _, s := range page.wrong {
			fmt.Fprintln(complaints, s)
			status = 1
		}
		switch {
		case *check:
			for _, s := range page.stale {
				fmt.Fprintln(out, s)
				status = 1
			}
		case len(page.stale) > 0:
			if err := os.WriteFile(root.Path(name), []byte(page.text), 0o666); err != nil {
				fmt.Fprintln(complaints, "weave:", err)
				return 1
			}
			fmt.Fprintf(out, "%s: %d parts made anew\n", name, len(page.stale))
		}
	}
	return status
}
