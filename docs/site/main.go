// Site makes the web site of this repository: the pages as they stand, any two
// lessons side by side, and replays of their recordings.
//
//	go run ./docs/site           serves it at http://127.0.0.1:8000
//	go run ./docs/site -o DIR    writes it into a directory
//
// The site is static files, which a file manager shows as well as a server. It
// asks nobody else for anything.
package main

import (
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"example.com/echo/docs/repo"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run returns the exit status.
func run(args []string, out, complaints io.Writer) int {
	flags := flag.NewFlagSet("site", flag.ContinueOnError)
	flags.SetOutput(complaints)
	dir := flags.String("o", "", "write the files into this `directory`, and serve nothing")
	addr := flags.String("addr", "", "the `address` to serve at (default 127.0.0.1:8000, or another port if that one is taken)")
	pictures := flags.Bool("pictures", false, "with Chromium, take the pictures anew that README.md shows of the site; serve nothing")
	if err := flags.Parse(args); err != nil {
		return 2 // the flag package has printed why
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(complaints, "site: unexpected %q; go run ./docs/site -h tells what it takes\n", flags.Arg(0))
		return 2
	}
	if err := makeSite(*dir, *addr, *pictures, out); err != nil {
		fmt.Fprintln(complaints, "site:", err)
		return 1
	}
	return 0
}

func makeSite(dir, addr string, pictures bool, out io.Writer) error {
	root, err := repo.FindRoot()
	if err != nil {
		return err
	}
	s, err := build(root)
	if err != nil {
		return err
	}
	if pictures {
		return photograph(root, s.files)
	}
	if dir != "" {
		if err := write(s.files, dir); err != nil {
			return err
		}
		fmt.Fprintf(out, "%d files in %s; begin with index.html\n", len(s.files), dir)
		return nil
	}
	listener, err := listen(addr)
	if err != nil {
		return err
	}
	if addr == "" && listener.Addr().String() != usual {
		fmt.Fprintf(out, "Somebody else listens at %s.\n", usual)
	}
	fmt.Fprintf(out, "The site is at http://%s until you press Ctrl-C.\n", listener.Addr())
	server := &http.Server{Handler: handler(s.files), ReadHeaderTimeout: 10 * time.Second}
	return server.Serve(listener)
}

// write writes the files below dir.
func write(files map[string][]byte, dir string) error {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(to, files[name], 0o666); err != nil {
			return err
		}
	}
	return nil
}
