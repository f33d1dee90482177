//go:build !linux

package procfs

import "syscall"

// signalThread sends a signal to the process.
func signalThread(pid, _ int, signal syscall.Signal) { syscall.Kill(pid, signal) }
