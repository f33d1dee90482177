//go:build !linux

// Command longrun runs the servers for long, on Linux.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "longrun: it reads descriptors, memory and processor time in Linux's /proc; run it there")
	os.Exit(1)
}
