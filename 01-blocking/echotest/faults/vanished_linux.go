package faults

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"example.com/echo/01-blocking/echotest"
	"example.com/echo/01-blocking/echotest/logfile"
	"example.com/echo/01-blocking/echotest/server"
	"golang.org/x/sys/unix"
)

// VanishedPeer tests that the lesson's program notices that a
// client is gone without a word: the kernel asks after it (keepalive), and tells
// the server. Because that takes two hours, the test plays in a network of its
// own, where it takes a second; it skips where a user may not have one.
func VanishedPeer(t *testing.T) {
	const program = "ECHOTEST_PROGRAM"
	if path := os.Getenv(program); path != "" {
		vanish(t, path)
		return
	}
	path := echotest.Program(t)
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), program+"="+path)
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  unix.CLONE_NEWUSER | unix.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := cmd.CombinedOutput()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		t.Skip("needs a network namespace of its own, as unshare -Urn makes one: ", err)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// vanish plays the test, in a network that it may change.
func vanish(t *testing.T, path string) {
	for name, seconds := range map[string]string{"time": "1", "intvl": "1", "probes": "1"} {
		if err := os.WriteFile("/proc/sys/net/ipv4/tcp_keepalive_"+name, []byte(seconds), 0); err != nil {
			t.Fatal(err)
		}
	}
	if err := loopbackUp(); err != nil {
		t.Fatal(err)
	}
	s, err := server.Start(path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Kill()
	if failure := (&echotest.Stage{Server: s}).Play(func(st *echotest.Stage) {
		alice := st.Client("alice")
		alice.Echo("hello")
		if err := vanishWithoutAWord(alice); err != nil {
			t.Fatal(err)
		}
		st.Server.Timer = 2 * time.Second // the kernel's, until it asks and has no answer
		st.ExpectLog(logfile.ClientLost, alice)
	}); failure != nil {
		t.Fatal(failure)
	}
}

// vanishWithoutAWord closes the client's socket, and nothing is sent: neither a FIN nor a
// reset. Source: tcp(7), TCP_REPAIR, which needs CAP_NET_ADMIN.
func vanishWithoutAWord(c *echotest.Client) error {
	raw, err := c.Conn.SyscallConn()
	if err != nil {
		return err
	}
	var set error
	err = raw.Control(func(fd uintptr) { set = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_REPAIR, 1) })
	c.Close()
	return errors.Join(err, set)
}

// loopbackUp switches the loopback interface on, which a new network has off.
// Source: netdevice(7).
func loopbackUp() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	request, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	request.SetUint16(unix.IFF_UP)
	return unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, request)
}
