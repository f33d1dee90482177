package stop

import (
	"os"
	"os/signal"
	"time"

	"golang.org/x/sys/unix"
)

// OnSignals calls order, in a goroutine, at the first SIGINT or SIGTERM. It
// calls end when grace is over, or at a SIGINT after the first signal: whoever
// is still connected is to be cut off then. end may be called twice.
//
// A program that was started with SIGINT ignored goes on ignoring it.
func OnSignals(grace time.Duration, order, end func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, unix.SIGTERM)
	if !signal.Ignored(unix.SIGINT) {
		signal.Notify(signals, unix.SIGINT)
	}
	go func() {
		<-signals
		time.AfterFunc(grace, end)
		order()
		for s := range signals {
			if s == unix.SIGINT {
				end()
			}
		}
	}()
}
