//go:build !linux

package server

import "syscall"

func endWithUs(*syscall.SysProcAttr) {} // nothing does that here

// withoutForks only calls act: here package net takes the lock itself.
func withoutForks(act func()) { act() }
