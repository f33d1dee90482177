package text

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPlain(t *testing.T) {
	const markdown = "A **bold** word, `code`, and [a page](../02-select/README.md#top), [sock/io.go](sock/io.go).\n\n" +
		"1. One\n   and more.\n   - Below it.\n\n\n```go\nif x {\n\treturn\n}\n```\n" + "a word that is longer than it " + "needs to be, so that the line has to be broken somewhere\n"
	const want = `A bold word, code, and a page (02-select/README.md#top),
01-blocking/sock/io.go.

1. One and more.
   - Below it.

  if x {
      return
  }
a word that is longer than it needs to be, so that the line has to be
broken somewhere`
	if diff := cmp.Diff(want, strings.Join(Plain(markdown, "01-blocking/README.md"), "\n")); diff != "" {
		t.Errorf("-expected +found:\n%s", diff)
	}
}

func TestShortSockets(t *testing.T) {
	for line, want := range map[string]string{
		"Created client sock <socket.socket fd=8, family=2, type=1, proto=0, laddr=('127.0.0.1', <port>), raddr=('127.0.0.1', <alice>)> with addr ('127.0.0.1', <alice>)": "Created client sock <fd=8 alice>",
		"Data sent b'x' to <socket.socket fd=<fd>, family=2, type=1, proto=0, laddr=('127.0.0.1', <port>), raddr=('127.0.0.1', <alice>)>":                                 "Data sent b'x' to <alice>",
		"Created server sock <socket.socket fd=3, family=2, type=1, proto=0, laddr=('127.0.0.1', <port>)>":                                                                "Created server sock <fd=3>",
	} {
		if got := ShortSockets(line); got != want {
			t.Errorf("%s: expected %q, found %q", line, want, got)
		}
	}
}
