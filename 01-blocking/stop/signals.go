package stop

import (
	"os"
	"os/signal"
	"time"

	"golang.org/x/sys/unix"
)

// Grace is how long a stopping program waits for clients that do not leave.
const Grace = 5 * time.Second

// OnSignals calls order, in a goroutine, at the first SIGINT or SIGTERM. It
// calls end after Grace, or at a SIGINT after the first signal: whoever is still
// connected is to be cut off then. end may be called twice.
func OnSignals(order, end func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, unix.SIGINT, unix.SIGTERM)
	go func() {
		<-signals
		time.AfterFunc(Grace, end)
		order()
		for s := range signals {
			if s == unix.SIGINT {
				end()
			}
		}
	}()
}
