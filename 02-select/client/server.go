package client

import (
	"fmt"
	"iter"
	"time"

	"example.com/echo/01-blocking/eventlog"
	"example.com/echo/01-blocking/sock"
)

// A Server is one loop's view of the server socket: it accepts the loop's
// clients, counts them, and says when to leave the socket alone. It belongs to
// one loop; other loops of this process have their own.
type Server struct {
	socket *sock.Socket
	log    *eventlog.Log

	clients   []*Client // each at its descriptor
	count     int
	leaving   bool
	restUntil time.Time // zero unless the process is out of descriptors
	spare     [][]byte  // message buffers that nobody needs now
}

// NewServer returns the Server of a non-blocking listening socket, which it
// closes in Leave or Close. Its clients log to log.
func NewServer(socket *sock.Socket, log *eventlog.Log) *Server {
	if log.Quiet() {
		socket.SkipTexts()
	}
	return &Server{socket: socket, log: log}
}

// FD returns the descriptor of the listening socket.
func (s *Server) FD() int { return s.socket.FD() }

// Accept returns the next client of the queue, or nil if there is none now:
// the queue is empty, another worker was faster, or the process is out of
// descriptors. The client is a Reader. An error says that the socket will never
// accept again.
func (s *Server) Accept() (*Client, error) {
	socket, err := s.socket.TryAccept()
	if err != nil {
		return nil, s.notAccepted(err)
	}
	s.log.ClientCreated(socket.String(), socket.Peer())
	c := &Client{Socket: socket, server: s}
	for len(s.clients) <= c.FD() {
		s.clients = append(s.clients, nil)
	}
	s.clients[c.FD()] = c
	s.count++
	return c, nil
}

func (s *Server) notAccepted(err error) error {
	switch sock.Classify(err) {
	case sock.Broken:
		return fmt.Errorf("accept: %w", err)
	case sock.Full:
		s.restUntil = time.Now().Add(sock.Rest)
	}
	return nil
}

// Wants says whether to watch the server socket in this turn: as a Reader,
// which is ready when a client is in the queue, or, as if it were Gone, not.
// That is so after Leave, and for a while after the process ran out of
// descriptors: the socket stays readable then, and watching it would keep the
// processor busy with failing. Old clients are served meanwhile.
func (s *Server) Wants() Wants {
	if !s.restUntil.IsZero() && !time.Now().Before(s.restUntil) {
		s.restUntil = time.Time{}
	}
	if s.leaving || !s.restUntil.IsZero() {
		return Gone
	}
	return Reader
}

// Client returns the client whose socket is descriptor fd.
func (s *Server) Client(fd int) *Client { return s.clients[fd] }

// Clients returns a sequence of all clients. They may be closed meanwhile.
func (s *Server) Clients() iter.Seq[*Client] {
	return func(yield func(*Client) bool) {
		for _, c := range s.clients {
			if c != nil && !yield(c) {
				return
			}
		}
	}
}

// Timeout returns how long to wait in this turn, in milliseconds as poll and
// epoll take them; negative for no limit. It is computed anew each time, so a
// wait that a signal cut short is not lengthened.
func (s *Server) Timeout() int {
	if s.restUntil.IsZero() {
		return -1
	}
	left := time.Until(s.restUntil) + time.Millisecond - 1 // rounded up
	return int(max(0, left) / time.Millisecond)
}

// Leave begins to stop: no client is accepted any more, and the listening
// socket is closed. Accept the queue before; when the last process closes the
// socket, whoever is still in it gets a reset.
func (s *Server) Leave() {
	s.leaving = true
	s.restUntil = time.Time{}
	s.socket.Close()
}

// Done says that the last client is gone after Leave.
func (s *Server) Done() bool { return s.leaving && s.count == 0 }

// forget makes room for another client.
func (s *Server) forget(fd int) {
	s.clients[fd] = nil
	s.count--
	s.restUntil = time.Time{}
}

// maxSpare bounds the buffers that are kept for later.
const maxSpare = 16

// takeBuffer returns memory for one message: an idle client has none. The last
// one returned is handed out first, because it is still in the cache; usually
// one buffer serves all clients in turn.
func (s *Server) takeBuffer() []byte {
	if n := len(s.spare); n > 0 {
		buffer := s.spare[n-1]
		s.spare = s.spare[:n-1]
		return buffer
	}
	return make([]byte, sock.ReadSize)
}

// returnBuffer takes back what takeBuffer gave, whatever it was cut to.
func (s *Server) returnBuffer(buffer []byte) {
	if len(s.spare) < maxSpare {
		s.spare = append(s.spare, buffer[:sock.ReadSize])
	}
}
