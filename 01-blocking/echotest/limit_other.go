//go:build !linux

package echotest

import "testing"

func limitDescriptors(t *testing.T, _ *Server, _ int) (giveBack func()) {
	t.Skip("needs prlimit, which is Linux's, to take descriptors from a running server")
	return nil
}
