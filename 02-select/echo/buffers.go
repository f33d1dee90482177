package echo

import "example.com/echo/01-blocking/sock"

// buffers are memory for messages. An idle client has none: the one that was
// put back last is taken first, and usually serves all clients in turn.
type buffers [][]byte

// maxSpare is how many are kept for later.
const maxSpare = 16

func (b *buffers) take() []byte {
	spare := *b
	if len(spare) == 0 {
		return make([]byte, sock.ReadSize)
	}
	last := len(spare) - 1
	*b = spare[:last]
	return spare[last]
}

// put takes back what take gave, whatever it was cut to.
func (b *buffers) put(buffer []byte) {
	if len(*b) < maxSpare {
		*b = append(*b, buffer[:sock.ReadSize])
	}
}
