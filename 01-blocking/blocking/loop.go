// Package blocking is the loop of lesson 1: it waits inside accept for a
// client, and then inside read for that client's next message, until the
// client leaves. It is as simple as a server can be, and it serves one client
// at a time.
package blocking

import (
	"fmt"
	"os"
	"runtime"
	"time"

	"example.com/echo/01-blocking/eventlog"
	"example.com/echo/01-blocking/sock"
	"example.com/echo/01-blocking/stop"
)

type loop struct {
	server *sock.Socket
	log    *eventlog.Log
	stop   *stop.Signal
	thread thread // that waits
	buffer [sock.ReadSize]byte
}

// Run serves the clients of server, which is blocking, one after another, and
// closes it in the end. It returns nil once stopping is done, or the reason
// why it cannot go on. The events go to log.
//
// When stopping is sent, the client being served gets what it sent so far; so
// does everybody in the queue, if the owner of server has made it non-blocking
// before, so that accept can say that the queue is empty.
func Run(server *sock.Socket, log *eventlog.Log, stopping *stop.Signal) error {
	l := &loop{server: server, log: log, stop: stopping}
	defer server.Close()
	runtime.LockOSThread() // so that endAccept knows who waits
	defer runtime.UnlockOSThread()
	l.thread = currentThread()

	for stopping.Interrupt(l, l.endAccept) {
		if err := l.serveNext(); err != nil && !stopping.Sent() {
			return err
		}
	}
	for server.Mode() == sock.NonBlocking {
		if err := l.serveNext(); err != nil {
			break // nobody is left in the queue
		}
	}
	return log.Flush()
}

// endAccept ends an accept that waits. Nobody who is in the queue by then may be
// lost, and a server socket that other processes share must stay as it is: so
// the accept is only made to look again, and says EAGAIN if the queue is empty.
//
// A process that is told to stop alone finds the server socket still blocking.
// But it is waiting for a client, so it has none and can simply go.
func (l *loop) endAccept() {
	if l.server.Inherited() && l.server.Mode() == sock.Blocking {
		os.Exit(0)
	}
	l.lookAgain()
}

// serveNext serves one client from beginning to end. The error says that there
// was none and will be none.
func (l *loop) serveNext() error {
	if err := l.log.Flush(); err != nil {
		return err
	}
	client, err := l.server.Accept()
	if err != nil {
		return l.notAccepted(err)
	}
	l.log.ClientCreated(client.String(), client.Peer())
	if !l.stop.Interrupt(l, client.ShutdownRead) {
		client.ShutdownRead() // what the client has sent can still be read
	}
	if err := l.serve(client); err != nil {
		l.log.ClientLost(client.String(), err)
	} else {
		l.log.ClientClosed(client.String())
	}
	l.stop.Interrupt(l, nil) // the descriptor may be another's after Close
	return client.Close()
}

func (l *loop) notAccepted(err error) error {
	trouble := sock.Classify(err)
	if trouble == sock.Broken || l.stop.Sent() {
		return fmt.Errorf("accept: %w", err)
	}
	if trouble == sock.Full {
		time.Sleep(sock.Rest)
	}
	return nil
}

// serve echoes until the client has nothing more to send. Everybody else waits
// for this function to return: that is the limit of lesson 1.
func (l *loop) serve(client *sock.Socket) error {
	for {
		if err := l.log.Flush(); err != nil {
			return err
		}
		n, err := client.Read(l.buffer[:])
		if err != nil {
			return err
		}
		if n == 0 {
			return nil
		}
		message := l.buffer[:n]
		if _, err := client.Write(message); err != nil {
			return err
		}
		l.log.DataSent(message, client.String())
	}
}
