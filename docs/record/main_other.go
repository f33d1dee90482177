//go:build !linux

// Command record records what the kernel sees of the lessons, on Linux.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "record: it needs strace, which is Linux's; run it there")
	os.Exit(1)
}
