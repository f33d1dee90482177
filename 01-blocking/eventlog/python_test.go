package eventlog

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"
)

// python returns what CPython prints when it runs with args and reads input.
// It skips the test where there is no CPython 3.11: from that version on it
// prints a socket as the log does.
func python(t *testing.T, input string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath("python3")
	if err != nil {
		t.Skipf("needs python3 3.11 or later: %v", err)
	}
	const isNew = "import platform, sys; print(platform.python_implementation() == 'CPython' and sys.version_info >= (3, 11))"
	if found, err := exec.Command(path, "-c", isNew).Output(); err != nil || string(found) != "True\n" {
		t.Skipf("needs python3 3.11 or later; asked whether it is, %s says %q, %v", path, found, err)
	}
	command := exec.Command(path, args...)
	command.Stdin = strings.NewReader(input)
	var errors bytes.Buffer
	command.Stderr = &errors
	output, err := command.Output()
	if err != nil {
		t.Fatalf("python3 %q: %v\n%s", args, err, errors.Bytes())
	}
	return string(output)
}
