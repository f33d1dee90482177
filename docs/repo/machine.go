package repo

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"golang.org/x/sys/unix"
)

// A Machine is where and when something was measured, and of which commit.
type Machine struct {
	Processor  string
	Processors int
	Memory     string
	Kernel     string
	Go         string
	Commit     string
	Date       string
}

// Machine describes the machine of now. What it cannot find out is "unknown".
func (r Root) Machine() Machine {
	m := Machine{
		Processor: ProcField("/proc/cpuinfo", "model name"), Processors: runtime.NumCPU(),
		Memory: "unknown", Kernel: "unknown", Commit: "unknown",
		Go: runtime.Version(), Date: time.Now().Format(time.DateOnly),
	}
	var kib uint64
	if _, err := fmt.Sscanf(ProcField("/proc/meminfo", "MemTotal"), "%d kB", &kib); err == nil {
		m.Memory = humanize.IBytes(kib << 10)
	}
	var name unix.Utsname
	if unix.Uname(&name) == nil {
		release, _, _ := strings.Cut(unix.ByteSliceToString(name.Release[:]), "-") // the rest is a distribution's
		m.Kernel = unix.ByteSliceToString(name.Sysname[:]) + " " + release
	}
	commit := exec.Command("git", "describe", "--always", "--dirty")
	commit.Dir = string(r)
	if text, err := commit.Output(); err == nil {
		m.Commit = strings.TrimSpace(string(text))
	}
	return m
}

// Short returns what figures depend on most.
func (m Machine) Short() string {
	return fmt.Sprintf("%s, %d processors, %s, %s", m.Processor, m.Processors, m.Kernel, m.Go)
}

// String returns a part of a sentence, with the date and the commit.
func (m Machine) String() string {
	return fmt.Sprintf("%s, of %s: %s, %s of memory", m.Date, m.Commit, m.Short(), m.Memory)
}

// ProcField returns what a file of /proc first says of name: for "VmRSS" in
// /proc/self/status, "5324 kB". It returns "unknown" if the file does not say.
func ProcField(file, name string) string {
	opened, err := os.Open(file)
	if err != nil {
		return "unknown"
	}
	defer opened.Close()
	for lines := bufio.NewScanner(opened); lines.Scan(); {
		if key, value, _ := strings.Cut(lines.Text(), ":"); strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}
