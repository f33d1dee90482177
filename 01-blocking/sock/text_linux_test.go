package sock

import (
	"bytes"
	"encoding/hex"
	"net/netip"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// The vectors are Linux's: elsewhere AF_INET6 is another number than 10, and
// inet_ntop says other things about a few addresses.

func TestTextIsCPythonsRepr(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("testdata/sockets.tsv")
	if err != nil {
		t.Fatal(err)
	}
	sockets, addresses := check(t, string(file))
	if sockets < 28 || addresses < 500 {
		t.Errorf("testdata/sockets.tsv has %d sockets and %d addresses, want at least 28 and 500", sockets, addresses)
	}
}

// The sockets have other ports each time, and so are other vectors; the
// addresses must be those in the file.
func TestTextIsWhatCPythonPrintsNow(t *testing.T) {
	t.Parallel()
	printed := python(t, "testdata/sockets.py")
	if sockets, _ := check(t, printed); sockets == 0 {
		t.Error("sockets.py prints no socket")
	}
	file, err := os.ReadFile("testdata/sockets.tsv")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(addressLines(printed), addressLines(string(file))); diff != "" {
		t.Errorf("testdata/sockets.tsv is stale, -sockets.py prints +the file:\n%s", diff)
	}
}

// check compares our texts with those of the vectors, and counts both kinds.
func check(t *testing.T, vectors string) (sockets, addresses int) {
	t.Helper()
	for line := range strings.Lines(vectors) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		switch {
		case fields[0] == "socket" && len(fields) == 5:
			checkSocket(t, fields[1], fields[2], fields[3], fields[4])
			sockets++
		case fields[0] == "address" && len(fields) == 3:
			checkAddress(t, fields[1], fields[2])
			addresses++
		default:
			t.Fatalf("line %q is neither a socket nor an address", line)
		}
	}
	return sockets, addresses
}

func checkSocket(t *testing.T, fd, laddr, raddr, repr string) {
	t.Helper()
	var remote unix.Sockaddr
	if raddr != "-" {
		remote = parseSockaddr(t, raddr)
	}
	s := &Socket{text: textOf(number(t, fd), parseSockaddr(t, laddr), remote)}
	if diff := cmp.Diff(repr, s.String()); diff != "" {
		t.Errorf("fd %s, laddr %s, raddr %s: -CPython's repr +ours:\n%s", fd, laddr, raddr, diff)
	}
	_, peer, _ := strings.Cut(strings.TrimSuffix(repr, ">"), ", raddr=")
	if got := s.Peer(); got != peer {
		t.Errorf("the peer of %s is %q, want %q", s, got, peer)
	}
}

func checkAddress(t *testing.T, packed, text string) {
	t.Helper()
	ip, ok := netip.AddrFromSlice(unhex(t, packed))
	if !ok {
		t.Fatalf("%q is no address", packed)
	}
	if got := string(appendIP(nil, ip)); got != text {
		t.Errorf("address %s is printed as %s, want %s", packed, got, text)
	}
}

// parseSockaddr reads hex,port,flow,scope. The flow label must be 0: the
// kernel only tells it to who asks for it (IPV6_FLOWINFO_SEND).
func parseSockaddr(t *testing.T, text string) unix.Sockaddr {
	t.Helper()
	fields := strings.Split(text, ",")
	if len(fields) != 4 || fields[2] != "0" {
		t.Fatalf("%q is not hex,port,0,scope", text)
	}
	packed, port, scope := unhex(t, fields[0]), number(t, fields[1]), number(t, fields[3])
	if len(packed) == 4 {
		return &unix.SockaddrInet4{Port: port, Addr: [4]byte(packed)}
	}
	return &unix.SockaddrInet6{Port: port, ZoneId: uint32(scope), Addr: [16]byte(packed)}
}

func unhex(t *testing.T, digits string) []byte {
	t.Helper()
	packed, err := hex.DecodeString(digits)
	if err != nil || len(packed) != 4 && len(packed) != 16 {
		t.Fatalf("%q is not 4 or 16 bytes in hex: %v", digits, err)
	}
	return packed
}

func number(t *testing.T, digits string) int {
	t.Helper()
	n, err := strconv.Atoi(digits)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func addressLines(vectors string) (lines []string) {
	for line := range strings.Lines(vectors) {
		if strings.HasPrefix(line, "address") {
			lines = append(lines, line)
		}
	}
	return lines
}

// python returns what CPython prints when it runs with args. It skips the test
// where there is no CPython 3.11, which is the first to print a socket like
// this, or where its inet_ntop is not glibc's.
func python(t *testing.T, args ...string) string {
	t.Helper()
	path, err := exec.LookPath("python3")
	if err != nil {
		t.Skipf("needs python3 3.11 or later: %v", err)
	}
	const fits = "import platform, sys; print(platform.python_implementation() == 'CPython'" +
		" and sys.version_info >= (3, 11) and platform.libc_ver()[0] == 'glibc')"
	if found, err := exec.Command(path, "-c", fits).Output(); err != nil || string(found) != "True\n" {
		t.Skipf("needs CPython 3.11 or later with glibc; asked whether it is, %s says %q, %v", path, found, err)
	}
	command := exec.Command(path, args...)
	var errors bytes.Buffer
	command.Stderr = &errors
	output, err := command.Output()
	if err != nil {
		t.Fatalf("python3 %q: %v\n%s", args, err, errors.Bytes())
	}
	return string(output)
}
