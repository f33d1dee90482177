//go:build !linux

package worker

import "sync/atomic"

var threads atomic.Int64

// threadID returns a number that no other thread of this process has.
func threadID() int { return int(threads.Add(1)) }
