// Package stream makes byte streams in which whatever is lost, repeated or swapped
// shows.
package stream

import (
	"bytes"
	"math/rand/v2"
	"strconv"
)

// A Stream is an endless sequence of printable bytes, the same every time, in
// which no part looks like another.
type Stream struct{ offset int64 }

// New returns a Stream. Those of two numbers have no part in common.
func New(number int) *Stream { return &Stream{offset: int64(number) << 40} }

// block is what a stream repeats, with another number in front each time.
var block = func() []byte {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-"
	random := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, 4096)
	for i := range b {
		b[i] = letters[random.IntN(len(letters))]
	}
	return b
}()

// Read fills p; it does not fail.
func (s *Stream) Read(p []byte) (int, error) {
	for n := 0; n < len(p); {
		at := int(s.offset % int64(len(block)))
		part := copy(p[n:], block[at:])
		if at < numberLen {
			number := blockNumber(s.offset / int64(len(block)))
			copy(p[n:n+part], number[at:])
		}
		n += part
		s.offset += int64(part)
	}
	return len(p), nil
}

const numberLen = 12

func blockNumber(n int64) []byte {
	digits := strconv.FormatInt(n, 10)
	return append(bytes.Repeat([]byte{'.'}, numberLen-len(digits)), digits...)
}

// FirstDifference returns where a and b, which are of one length, differ
// first; -1 if they do not.
func FirstDifference(a, b []byte) int {
	if bytes.Equal(a, b) {
		return -1
	}
	for i := range a {
		if a[i] != b[i] {
			return i
		}
	}
	return -1
}
