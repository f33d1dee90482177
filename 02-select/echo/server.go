// Package echo is the echo itself, apart from how a loop waits: it accepts
// clients, receives their messages, and sends each message back.
//
// Nothing here ever waits. A loop waits, and then calls Receive, Send, Accept
// and Leave for the descriptors that are ready. In return the Server calls the
// loop's watch function whenever the loop is to wait for something else.
package echo

import (
	"fmt"
	"time"

	"example.com/echo/01-blocking/eventlog"
	"example.com/echo/01-blocking/sock"
	"example.com/echo/02-select/stop"
	"golang.org/x/sys/unix"
)

// A Watch function changes what a loop watches descriptor fd for. After an error
// the loop watches fd for what it did before.
type Watch func(fd int, was, wants Interest) error

// A Server is the clients of one loop and the socket that they come from.
type Server struct {
	socket   *sock.Socket
	log      *eventlog.Log
	stopping *stop.Signal
	watch    Watch

	socketInterest Interest
	isClosed       bool      // the socket
	restUntil      time.Time // out of descriptors; zero if not

	clients []*Client // each at its descriptor
	count   int
	leaving bool
	spare   buffers
}

// NewServer returns a Server for the clients of socket, a listening socket that
// it makes non-blocking, and closes when it leaves. It has the loop watch socket
// and stopping. An error says that it cannot, or that the loop cannot.
func NewServer(socket *sock.Socket, log *eventlog.Log, stopping *stop.Signal, watch Watch) (*Server, error) {
	s := &Server{socket: socket, log: log, stopping: stopping, watch: watch}
	if err := unix.SetNonblock(socket.FD(), true); err != nil {
		return nil, fmt.Errorf("fcntl: %w", err)
	}
	if err := watch(stopping.FD(), None, Reader); err != nil {
		return nil, err
	}
	return s, s.watchSocket(Reader)
}

// FD returns the descriptor of the listening socket; -1 after it is closed, when
// the number may be another's.
func (s *Server) FD() int {
	if s.isClosed {
		return -1
	}
	return s.socket.FD()
}

// StopFD returns the descriptor that is readable when it is time to stop.
func (s *Server) StopFD() int { return s.stopping.FD() }

// BeforeWait writes out the log and returns how long to wait: in milliseconds,
// negative for no limit. An error says that the server cannot go on.
//
// While the process is out of descriptors the listening socket is not watched:
// it stays readable, so the loop would spin. After a rest, or as soon as a
// client leaves, it is watched again.
func (s *Server) BeforeWait() (timeout int, err error) {
	if s.leaving && !s.isClosed && !s.isResting() {
		if err := s.Accept(); err != nil { // the rest of the queue
			return 0, err
		}
	}
	if err := s.log.Flush(); err != nil {
		return 0, err
	}
	switch {
	case s.Done():
		return 0, nil
	case s.isResting():
		roundedUp := max(0, time.Until(s.restUntil)) + time.Millisecond - 1
		return int(roundedUp / time.Millisecond), s.watchSocket(None)
	}
	return -1, s.watchSocket(Reader)
}

func (s *Server) isResting() bool { return time.Now().Before(s.restUntil) }

func (s *Server) watchSocket(wants Interest) error {
	if s.isClosed || wants == s.socketInterest {
		return nil
	}
	err := s.watch(s.socket.FD(), s.socketInterest, wants)
	if err == nil {
		s.socketInterest = wants
	}
	return err
}

// Receive reads from a client that is ready as a reader. Its message is sent
// back at once if there is room, as there almost always is: that saves a wait
// and two changes of what is watched. Otherwise the client becomes a writer.
func (s *Server) Receive(fd int) {
	c := s.clients[fd]
	wants := s.receive(c)
	if wants == Writer {
		wants = s.send(c)
	}
	s.move(c, wants)
}

// Send sends a client that is ready as a writer the rest of its message, or a
// part of it. After the last of it the client becomes a reader again.
func (s *Server) Send(fd int) {
	c := s.clients[fd]
	s.move(c, s.send(c))
}

// IsReader reports whether descriptor fd is a client's that is a reader.
func (s *Server) IsReader(fd int) bool { return s.interest(fd) == Reader }

// IsWriter reports whether descriptor fd is a client's that is a writer.
func (s *Server) IsWriter(fd int) bool { return s.interest(fd) == Writer }

func (s *Server) interest(fd int) Interest {
	if fd >= len(s.clients) || s.clients[fd] == nil {
		return None
	}
	return s.clients[fd].interest
}

// Accept makes the next client in the accept queue a reader, if there still is
// one: another worker may have been faster. An error says that the socket will
// never accept again.
//
// A server that stops takes all who are in the queue, and then closes the
// socket: whoever is in the queue when the last process closes it gets a reset.
// If it cannot take all now, it tries again after a rest.
func (s *Server) Accept() error {
	for {
		fd, peer, err := acceptNow(s.socket.FD())
		if err == unix.EAGAIN && s.leaving {
			return s.closeSocket()
		}
		if err != nil {
			return s.notAccepted(err)
		}
		socket, err := sock.New(fd, peer)
		if err != nil {
			return s.notAccepted(err)
		}
		s.welcome(&Client{Socket: socket})
		if !s.leaving {
			return nil
		}
	}
}

func (s *Server) notAccepted(err error) error {
	trouble := sock.Classify(err)
	if trouble == sock.Broken {
		return fmt.Errorf("accept: %w", err)
	}
	if trouble == sock.Full || s.leaving {
		s.restUntil = time.Now().Add(sock.FullRest)
	}
	return nil
}

func (s *Server) welcome(c *Client) {
	s.log.ClientCreated(c.String(), c.Peer())
	for len(s.clients) <= c.FD() {
		s.clients = append(s.clients, nil)
	}
	s.clients[c.FD()] = c
	s.count++
	if s.leaving {
		s.move(c, s.leave(c))
	} else {
		s.move(c, Reader)
	}
}

// Leave begins to stop: everybody gets what is owed, and whoever is in the
// queue is still let in. The turns go on until Done.
func (s *Server) Leave() error {
	if !s.stopping.Sent() {
		return nil // a false alarm
	}
	s.leaving = true
	if err := s.watch(s.stopping.FD(), Reader, None); err != nil {
		return err
	}
	for _, c := range s.clients {
		if c != nil {
			s.move(c, s.leave(c))
		}
	}
	return s.Accept()
}

// Done reports whether the queue is empty and the last client gone after Leave.
func (s *Server) Done() bool { return s.isClosed && s.count == 0 }

func (s *Server) closeSocket() error {
	err := s.watchSocket(None) // before close: the number may be another's afterwards
	s.isClosed = true
	s.socket.Close()
	return err
}

// move has the loop watch c for what it wants now, or closes c if that is
// nothing. A client that the loop cannot watch is lost; the others go on.
func (s *Server) move(c *Client, wants Interest) {
	if wants != c.interest {
		err := s.watch(c.FD(), c.interest, wants)
		if err != nil && wants != None { // None: c is closed anyway, below
			s.log.ClientLost(c.String(), err)
			s.move(c, None)
			return
		}
		c.interest = wants
	}
	if wants == None {
		s.close(c)
	}
}

// close forgets c and closes its socket. To be called when c is not watched any
// more: the number belongs to the next client from here on.
func (s *Server) close(c *Client) {
	s.forgetMessage(c)
	s.clients[c.FD()] = nil
	s.count--
	s.restUntil = time.Time{} // there is a descriptor again
	c.Close()
}
