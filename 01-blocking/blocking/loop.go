// Package blocking is the loop of lesson 1: it waits inside accept for a
// client, and then inside read for that client's next message, until the
// client leaves. It is as simple as a server can be, and it serves one client
// at a time.
package blocking

import (
	"fmt"
	"time"

	"example.com/echo/01-blocking/eventlog"
	"example.com/echo/01-blocking/sock"
)

// Run serves the clients of server one after another, and logs to log. It
// returns only if it cannot go on, with the reason. The caller closes server.
func Run(server *sock.Socket, log *eventlog.Log) error {
	buffer := make([]byte, sock.ReadSize)
	for {
		client, err := next(server, log)
		if err != nil {
			return err
		}
		if client == nil {
			continue
		}
		log.ClientCreated(client.String(), client.Peer())
		if err := serve(client, log, buffer); err != nil {
			log.ClientLost(client.String(), err)
		} else {
			log.ClientClosed(client.String())
		}
		client.Close()
	}
}

// next waits for the next client of the accept queue. It returns neither a
// client nor an error if accept failed for a reason that will soon be over.
func next(server *sock.Socket, log *eventlog.Log) (*sock.Socket, error) {
	if err := log.Flush(); err != nil {
		return nil, err
	}
	client, err := server.Accept()
	if err == nil {
		return client, nil
	}
	switch sock.Classify(err) {
	case sock.Broken:
		return nil, fmt.Errorf("accept: %w", err)
	case sock.Full:
		time.Sleep(sock.FullRest)
	}
	return nil, nil
}

// serve echoes until the client sends nothing more. Everybody else waits for
// this function to return: that is the limit of lesson 1.
func serve(client *sock.Socket, log *eventlog.Log, buffer []byte) error {
	for {
		if err := log.Flush(); err != nil {
			return err
		}
		n, err := client.Read(buffer)
		if err != nil {
			return err
		}
		if n == 0 { // end of stream
			return nil
		}
		message := buffer[:n]
		if err := client.Write(message); err != nil {
			return err
		}
		log.DataSent(message, client.String())
	}
}
