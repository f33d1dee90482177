package procfs

import (
	"net"

	"golang.org/x/sys/unix"
)

// Window returns how many bytes the other side of a connection takes now without
// reading any, or fallback if the kernel does not tell (before Linux 5.4). Source:
// tcp(7), TCP_INFO.
func Window(conn *net.TCPConn, fallback int) int {
	raw, err := conn.SyscallConn()
	if err != nil {
		return fallback
	}
	window := 0
	raw.Control(func(fd uintptr) {
		if info, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO); err == nil {
			window = int(info.Snd_wnd)
		}
	})
	if window == 0 {
		return fallback
	}
	return window
}
