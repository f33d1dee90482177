//go:build !linux

package echotest

// The mutants are caught in ways that only Linux has.
var traps []Scenario
