package faults

import (
	"testing"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/random"
)

func TestMain(m *testing.M) { echotest.Main(m) }

func TestRandom(t *testing.T) {
	t.Parallel()
	random.Play(t, random.Crowd{Clients: 12})
}
