package main

import (
	"testing"

	"example.com/echo/01-blocking/echotest"
)

func TestRandom(t *testing.T) {
	t.Parallel()
	echotest.Random(t, echotest.Crowd{Clients: 12})
}
