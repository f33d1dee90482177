package stop

import (
	"os"
	"os/signal"
	"time"

	"golang.org/x/sys/unix"
)

// Grace is how long a stopping program waits for clients that do not leave.
const Grace = 5 * time.Second

// OnSignals calls stop, in a goroutine, at the first SIGINT or SIGTERM, and
// ends the process with status 0 if it is still there after Grace, or at a
// SIGINT after the first signal. Whoever is still connected is cut off then.
func OnSignals(stop func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, unix.SIGINT, unix.SIGTERM)
	go func() {
		<-signals
		time.AfterFunc(Grace, func() { os.Exit(0) })
		stop()
		for s := range signals {
			if s == unix.SIGINT {
				os.Exit(0)
			}
		}
	}()
}
