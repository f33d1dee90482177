// Matrix writes the behaviour matrix: what becomes of every scenario in every
// lesson. It is made of the files that the lessons' tests keep of their
// outcomes, so it says what they saw:
//
//	go test ./01-blocking ./02-select ./03-poll ./04-epoll ./05-multiworker -update
//	go run ./docs/matrix
//
// It writes docs/matrix.md, and the short form into README.md.
package main

import (
	"fmt"
	"os"

	"example.com/echo/docs/repo"
)

func main() {
	root, err := repo.FindRoot()
	if err == nil {
		err = write(root)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "matrix:", err)
		os.Exit(1)
	}
}

func write(root repo.Root) error {
	columns, err := readColumns(root)
	if err != nil {
		return err
	}
	if err := os.WriteFile(pagePath(root), []byte(page(columns)), 0o666); err != nil {
		return err
	}
	readme, err := os.ReadFile(readmePath(root))
	if err != nil {
		return err
	}
	changed, err := withShortForm(string(readme), shortForm(columns))
	if err != nil {
		return err
	}
	return os.WriteFile(readmePath(root), []byte(changed), 0o666)
}

func pagePath(root repo.Root) string   { return root.Path("docs/matrix.md") }
func readmePath(root repo.Root) string { return root.Path("README.md") }
