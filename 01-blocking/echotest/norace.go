//go:build !race

package echotest

const raceDetector = false
