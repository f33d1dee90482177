//go:build !linux

package procfs

import (
	"errors"
	"net/netip"
)

// findSocket fails: only Linux answers such questions.
func findSocket(local, remote netip.AddrPort) (found TCPSocket, ok bool, err error) {
	return found, false, errors.ErrUnsupported
}
