// Netpoll is a TCP echo server with the library netpoll.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/cloudwego/netpoll"
)

// init is where netpoll wants to be configured.
func init() {
	err := netpoll.Configure(netpoll.Config{
		PollerNum:    1,
		Runner:       func(_ context.Context, handle func()) { go handle() },
		LoggerOutput: io.Discard,
	})
	if err != nil {
		panic(err)
	}
}

func main() {
	addr := flag.String("addr", "127.0.0.1:1337", "where to listen, as `HOST:PORT`")
	flag.Parse()
	if err := run(*addr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run serves at addr until the process is told to end.
func run(addr string) error {
	stopping, _ := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	listener, err := netpoll.CreateListener("tcp", addr)
	if err != nil {
		return err
	}
	loop, err := netpoll.NewEventLoop(echo)
	if err != nil {
		return err
	}
	fmt.Println("listening on", listener.Addr())
	go func() {
		<-stopping.Done()
		loop.Shutdown(context.Background()) // which lets Serve return
	}()
	return loop.Serve(listener)
}

// echo sends back what has come. It runs in a goroutine, not on the loop, and
// waits there until all is sent.
func echo(_ context.Context, c netpoll.Connection) error {
	reader, writer := c.Reader(), c.Writer()
	defer reader.Release()
	message, err := reader.Next(reader.Len())
	if err != nil {
		return err
	}
	if _, err := writer.WriteBinary(message); err != nil {
		return err
	}
	return writer.Flush()
}
