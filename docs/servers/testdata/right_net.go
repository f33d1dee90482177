// Right: an echo server with Go's package net, a goroutine for each client. It
// passes every scenario.
//
//	go run right_net.go 127.0.0.1 1337
package main

import (
	"context"
	"io"
	"log"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// pause is how long the server waits for descriptors when it has none left, and,
// when it is told to stop, for more from the queue or from a client.
const pause = 200 * time.Millisecond

func main() {
	stopping, _ := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	listener, err := net.Listen("tcp", net.JoinHostPort(os.Args[1], os.Args[2]))
	if err != nil {
		log.Fatal(err)
	}
	server := listener.(*net.TCPListener)
	context.AfterFunc(stopping, func() { server.SetDeadline(time.Now().Add(pause)) })

	var clients sync.WaitGroup
	for {
		client, err := server.AcceptTCP()
		switch {
		case err == nil:
			clients.Go(func() { echo(stopping, client) })
		case stopping.Err() != nil && os.IsTimeout(err): // nobody is left in the queue
			server.Close()
			clients.Wait()
			return
		default: // EMFILE, for one
			time.Sleep(pause)
		}
		if stopping.Err() != nil {
			server.SetDeadline(time.Now().Add(pause))
		}
	}
}

// echo sends a client its messages back until it has ended its stream, or the
// server stops and the client pauses.
func echo(stopping context.Context, client *net.TCPConn) {
	defer client.Close()
	defer context.AfterFunc(stopping, func() { client.SetReadDeadline(time.Now().Add(pause)) })()
	message := make([]byte, 16<<10)
	for {
		n, err := client.Read(message)
		if n > 0 {
			_, err = client.Write(message[:n])
		}
		switch {
		case os.IsTimeout(err): // closing now would be a reset, if more is underway
			client.CloseWrite()
			client.SetReadDeadline(time.Time{})
			io.Copy(io.Discard, client)
			return
		case err != nil: // io.EOF, for one
			return
		}
		if stopping.Err() != nil {
			client.SetReadDeadline(time.Now().Add(pause))
		}
	}
}
