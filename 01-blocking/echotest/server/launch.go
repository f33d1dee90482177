package server

import (
	"os/exec"
	"runtime"
	"sync"
	"syscall"
)

// Launch starts cmd in a process group of its own, so that Kill reaches its
// workers too, and has it killed when this process ends, however that comes
// about (Linux only).
//
// Every command is started by one thread that stays: the kernel means the end
// of the thread, not of the process. Source: prctl(2), PR_SET_PDEATHSIG.
func Launch(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	endWithUs(cmd.SysProcAttr)
	// A program with the race detector sleeps for a second before it ends, and its
	// goroutines go on meanwhile.
	cmd.Env = append(cmd.Environ(), "GORACE=atexit_sleep_ms=0")
	launcher()
	started := make(chan error)
	launches <- func() { started <- cmd.Start() }
	return <-started
}

var launches = make(chan func())

var launcher = sync.OnceFunc(func() {
	go func() {
		runtime.LockOSThread()
		for start := range launches {
			start()
		}
	}()
})
