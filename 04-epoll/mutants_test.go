//go:build faults

package main

import (
	"testing"

	"example.com/echo/01-blocking/echotest"
)

func TestMutants(t *testing.T) { echotest.RunMutants(t) }
