// Evio is a TCP echo server with the library evio.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/tidwall/evio"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:1337", "where to listen, as `HOST:PORT`")
	flag.Parse()
	stopping, _ := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	failed := make(chan error, 1)
	go func() { failed <- evio.Serve(echo(), "tcp://"+*addr) }()
	select {
	case err := <-failed:
		fmt.Fprintln(os.Stderr, "evio ended:", err)
		os.Exit(1)
	case <-stopping.Done(): // only an event could stop evio, and none may come
	}
}

// echo returns what the server does, on one event loop.
func echo() evio.Events {
	return evio.Events{
		NumLoops: 1,
		Serving: func(server evio.Server) evio.Action {
			fmt.Println("listening on", server.Addrs[0])
			return evio.None
		},
		Opened: func(evio.Conn) ([]byte, evio.Options, evio.Action) {
			// Spares a copy of every message: it is answered before the next is read.
			return nil, evio.Options{ReuseInputBuffer: true}, evio.None
		},
		Data: func(_ evio.Conn, message []byte) ([]byte, evio.Action) {
			return message, evio.None
		},
	}
}
