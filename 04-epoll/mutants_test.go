package main

import (
	"testing"

	"example.com/echo/01-blocking/echotest"
)

func TestMutants(t *testing.T) { t.Parallel(); echotest.RunMutants(t) }
