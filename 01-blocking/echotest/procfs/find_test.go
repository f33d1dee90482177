package procfs

import (
	"net"
	"net/netip"
	"runtime"
	"testing"
)

// TestFindSocket compares what the kernel answers with what /proc/net/tcp has, of
// a connection that was not accepted yet and has unread bytes.
func TestFindSocket(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs sock_diag")
	}
	for _, host := range []string{"127.0.0.1:0", "[::1]:0", ":0"} {
		listener, err := net.Listen("tcp", host)
		if err != nil {
			t.Skip("needs IPv4 and IPv6: ", err)
		}
		defer listener.Close()
		client, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		if _, err := client.Write([]byte("hello")); err != nil {
			t.Fatal(err)
		}
		local, remote := client.RemoteAddr().(*net.TCPAddr).AddrPort(), client.LocalAddr().(*net.TCPAddr).AddrPort()
		wanted, _ := lookUp(local, remote)
		wanted.local, wanted.remote = "", "" // these were given
		found, ok, err := findSocket(local, remote)
		if !ok || err != nil || found != wanted || !found.HasUnread() {
			t.Errorf("%s: expected %+v with unread bytes, but found %+v, %t, %v", host, wanted, found, ok, err)
		}
		if found, ok, err := findSocket(local, netip.AddrPortFrom(remote.Addr(), 1)); ok || err != nil {
			t.Errorf("%s: expected no connection from port 1, but found %+v, %v", host, found, err)
		}
	}
}
