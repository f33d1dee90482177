// Matrix writes the behaviour matrix: what becomes of every scenario in every
// lesson. It is made of the files that the lessons' tests keep of their
// outcomes, so it says what they saw:
//
//	go test ./01-blocking ./02-select ./03-poll ./04-epoll ./05-multiworker ./05-multiworker/faults -update
//	go run ./docs/matrix
//
// It writes the tables and lists of docs/matrix.md, and the short form in
// README.md.
package main

import (
	"fmt"
	"os"

	"example.com/echo/docs/repo"
	"example.com/echo/docs/splice"
)

const command = "docs/matrix" // by its name in the pages

// pages have the parts that the command makes.
var pages = []string{"docs/matrix.md", "README.md"}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "matrix:", err)
		os.Exit(1)
	}
}

func run() error {
	root, err := repo.FindRoot()
	if err != nil {
		return err
	}
	columns, err := readColumns(root)
	if err != nil {
		return err
	}
	for _, page := range pages {
		if err := splice.File(root.Path(page), command, columns.part); err != nil {
			return err
		}
	}
	return nil
}
