//go:build !linux

// Command record runs the servers for long, on Linux.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "record: it reads descriptors, memory and processor time in Linux's /proc; run it there")
	os.Exit(1)
}
