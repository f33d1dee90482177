package faults

import (
	"testing"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/random"
)

func TestMain(m *testing.M) { echotest.Main(m) }

func TestRandom(t *testing.T) {
	t.Parallel()
	for name, crowd := range map[string]random.Crowd{
		"process":   {Clients: 20, Workers: 4},
		"thread":    {Clients: 20, Args: []string{"-kind", "thread"}},
		"poll":      {Clients: 20, Workers: 4, Args: []string{"-loop", "poll"}},
		"epoll":     {Clients: 20, Workers: 4, Args: []string{"-loop", "epoll"}},
		"reuseport": {Clients: 20, Workers: 4, Args: []string{"-listen", "reuseport"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			random.Play(t, crowd)
		})
	}
}
