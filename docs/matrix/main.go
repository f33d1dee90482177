// Matrix writes the behaviour matrix: what becomes of every scenario in every
// lesson. It is made of the files that the lessons' tests keep of their
// outcomes, so it says what they saw:
//
//	go test ./01-blocking ./02-select ./03-poll ./04-epoll ./05-multiworker ./05-multiworker/faults -update
//	go run ./docs/matrix
//
// It writes docs/matrix.md, and the short form into README.md.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := write(root()); err != nil {
		fmt.Fprintln(os.Stderr, "matrix:", err)
		os.Exit(1)
	}
}

// root returns the repository's root: the command is run there or in docs.
func root() string {
	for dir := "."; ; dir = filepath.Join("..", dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.work")); err == nil {
			return dir
		}
		if abs, err := filepath.Abs(dir); err != nil || abs == "/" {
			return "."
		}
	}
}

func write(root string) error {
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

func pagePath(root string) string   { return filepath.Join(root, "docs", "matrix.md") }
func readmePath(root string) string { return filepath.Join(root, "README.md") }
