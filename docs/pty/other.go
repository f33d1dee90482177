//go:build !linux

// Package pty opens pseudoterminals, on Linux only.
package pty
