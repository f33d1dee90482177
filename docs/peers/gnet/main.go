// Gnet is a TCP echo server with the library gnet.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"

	"github.com/panjf2000/gnet/v2"
	"go.uber.org/zap"
)

// An echo is the server. All of it runs on the engine's one event loop.
type echo struct {
	gnet.BuiltinEventEngine
	stopping context.Context
}

// OnBoot says where the server listens: the socket is there, and the kernel
// queues who connects before the loop runs.
func (e *echo) OnBoot(engine gnet.Engine) gnet.Action {
	addr, err := listening(engine)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return gnet.Shutdown
	}
	fmt.Println("listening on", addr)
	go func() {
		<-e.stopping.Done()
		engine.Stop(context.Background())
	}()
	return gnet.None
}

// OnTraffic sends back what has come. The bytes lie in the loop's own buffer,
// and only what the socket has no room for is copied.
func (e *echo) OnTraffic(c gnet.Conn) gnet.Action {
	message, _ := c.Next(-1)
	c.Write(message)
	return gnet.None
}

// listening returns the address of the engine's socket, which gnet itself does
// not tell.
func listening(engine gnet.Engine) (net.Addr, error) {
	fd, err := engine.Dup()
	if err != nil {
		return nil, err
	}
	file := os.NewFile(uintptr(fd), "listener")
	defer file.Close()
	listener, err := net.FileListener(file)
	if err != nil {
		return nil, err
	}
	defer listener.Close()
	return listener.Addr(), nil
}

func main() {
	addr := flag.String("addr", "127.0.0.1:1337", "where to listen, as `HOST:PORT`")
	flag.Parse()
	stopping, _ := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := gnet.Run(&echo{stopping: stopping}, "tcp://"+*addr,
		gnet.WithMulticore(false),
		gnet.WithNumEventLoop(1),
		gnet.WithLockOSThread(true), // as in the authors' benchmarks
		gnet.WithReadBufferCap(64<<10),
		gnet.WithWriteBufferCap(64<<10),
		gnet.WithLogger(zap.NewNop().Sugar()))
	if err == nil && stopping.Err() == nil { // gnet calls that no error
		err = errors.New("gnet ended without being told to")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
