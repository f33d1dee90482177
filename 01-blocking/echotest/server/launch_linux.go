package server

import "syscall"

func endWithUs(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGKILL }

// withoutForks calls act while this process starts no program. One that is started
// has what act opens too, and closes it only when it has become that program: then
// a port is still in use for a moment, after 39 of 93,000 looks whether it is free.
func withoutForks(act func()) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	act()
}
