//go:build linux

package main

import (
	"bufio"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// A machine is where and when the figures were measured.
type machine struct {
	Processor  string
	Processors int
	Memory     string
	Kernel     string
	Go         string
	Commit     string
	Date       string
	Quick      bool `json:",omitempty"`
}

func describeMachine(root string, quick bool) machine {
	m := machine{
		Processor: field("/proc/cpuinfo", "model name"), Processors: runtime.NumCPU(),
		Memory: field("/proc/meminfo", "MemTotal"),
		Go:     runtime.Version(), Date: time.Now().Format(time.DateOnly), Quick: quick,
	}
	var name unix.Utsname
	if unix.Uname(&name) == nil {
		m.Kernel = "Linux " + unix.ByteSliceToString(name.Release[:])
	}
	commit := exec.Command("git", "describe", "--always", "--dirty")
	commit.Dir = root
	if text, err := commit.Output(); err == nil {
		m.Commit = strings.TrimSpace(string(text))
	}
	return m
}

// field returns what a file of /proc says of name, first.
func field(path, name string) string {
	file, err := os.Open(path)
	if err != nil {
		return "unknown"
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if key, value, _ := strings.Cut(lines.Text(), ":"); strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}
