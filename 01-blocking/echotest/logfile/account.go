package logfile

import "net/netip"

// An Account is what a log tells of the connections from one address.
type Account struct {
	Created, Closed, Lost int    // lines
	Data                  []byte // all that was sent to it
}

// Accounts returns the Account of every address that the log tells of. The log
// must be of IPv4 connections.
func Accounts(events []Event) map[netip.AddrPort]*Account {
	accounts := map[netip.AddrPort]*Account{}
	for _, e := range events {
		if e.Kind == WorkerState || e.Kind == ServerCreated {
			continue
		}
		host, _ := netip.ParseAddr(e.Socket.RemoteHost)
		addr := netip.AddrPortFrom(host, uint16(e.Socket.RemotePort))
		a := accounts[addr]
		if a == nil {
			a = &Account{}
			accounts[addr] = a
		}
		switch e.Kind {
		case ClientCreated:
			a.Created++
		case DataSent:
			a.Data = append(a.Data, e.Data...)
		case ClientClosed:
			a.Closed++
		case ClientLost:
			a.Lost++
		}
	}
	return accounts
}

// Running returns the workers that are running, by the log.
func Running(events []Event) []Worker {
	var running []Worker
	for _, e := range events {
		if e.Kind != WorkerState {
			continue
		}
		for i, w := range running {
			if w.Name == e.Worker.Name {
				running = append(running[:i], running[i+1:]...)
				break
			}
		}
		if e.Worker.State == "started" {
			running = append(running, e.Worker)
		}
	}
	return running
}
