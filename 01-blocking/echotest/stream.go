package echotest

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
)

// A Stream is an endless sequence of printable bytes, the same every time, in
// which no part looks like another: something lost, repeated or swapped shows.
type Stream struct{ offset int64 }

// NewStream returns a Stream. Those of two numbers have no part in common.
func NewStream(number int) *Stream { return &Stream{offset: int64(number) << 40} }

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

// StreamThrough sends size bytes, reads them back at the same time, and
// compares every one.
func (c *Client) StreamThrough(size int) {
	wrote := make(chan error, 1)
	go func() {
		_, err := io.CopyN(c.Conn, NewStream(0), int64(size))
		if err == nil {
			err = c.Conn.CloseWrite()
		}
		wrote <- err
	}()
	c.readBack(NewStream(0), size)
	if err := <-wrote; err != nil {
		c.failed("to send its stream", err)
	}
	c.ExpectEnd()
	c.Close()
}

// readBack reads size bytes, and compares every one with what the stream has.
// How far it comes before it fails differs from run to run.
func (c *Client) readBack(expected *Stream, size int) {
	came, want := make([]byte, 64<<10), make([]byte, 64<<10)
	for at := 0; at < size; {
		const all = "its own stream back, to the end"
		done := c.reading(all)
		n, err := c.Conn.Read(came[:min(len(came), size-at)])
		done()
		expected.Read(want[:n])
		if i := FirstDifference(came[:n], want[:n]); i >= 0 {
			failure := c.failure("its own stream back, byte for byte", "other bytes came")
			failure.Detail = difference(at+i, want[i], came[i])
			panic(failure)
		}
		at += n
		if err != nil {
			failure := c.failure(all, Reason(err))
			failure.isLoss = !isTooLate(err)
			failure.Detail = fmt.Sprintf("%d of %d bytes came", at, size)
			panic(failure)
		}
	}
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
