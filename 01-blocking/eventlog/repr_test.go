package eventlog

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAppendBytesIsCPythonsRepr(t *testing.T) {
	t.Parallel()
	for _, v := range vectors(t) {
		if got := string(AppendBytes(nil, v.message)); got != v.repr {
			t.Errorf("AppendBytes(%x), -CPython's repr +ours:\n%s", v.message, cmp.Diff(v.repr, got))
		}
	}
}

// A loop's lines stand before the literal, in the same memory.
func TestAppendBytesAppends(t *testing.T) {
	t.Parallel()
	dst := append(make([]byte, 0, 100), "Data sent "...)
	if got, want := string(AppendBytes(dst, []byte("a\n"))), `Data sent b'a\n'`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestVectorsAreWhatTheScriptPrints(t *testing.T) {
	t.Parallel()
	want := python(t, "", "testdata/bytes.py")
	if diff := cmp.Diff(want, vectorFile(t)); diff != "" {
		t.Errorf("testdata/bytes.tsv is stale, -bytes.py prints +the file:\n%s", diff)
	}
}

func TestAppendBytesOfRandomMessagesIsCPythonsRepr(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %#x", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	messages := make([][]byte, 5000)
	var input strings.Builder
	for i := range messages {
		messages[i] = randomMessage(random)
		fmt.Fprintf(&input, "%x\n", messages[i])
	}
	reprs := strings.Split(python(t, input.String(), "testdata/bytes.py", "-"), "\n")
	if len(reprs) != len(messages)+1 {
		t.Fatalf("CPython answered %d lines for %d messages", len(reprs)-1, len(messages))
	}
	for i, message := range messages {
		if got := string(AppendBytes(nil, message)); got != reprs[i] {
			t.Fatalf("AppendBytes(%x), -CPython's repr +ours:\n%s", message, cmp.Diff(reprs[i], got))
		}
	}
}

// randomMessage returns up to 300 bytes, mostly of the kinds that repr treats
// in a way of their own. It leaves some kinds out, so that a message with one
// sort of quotes only is not rare.
func randomMessage(random *rand.Rand) []byte {
	kinds := []string{"'", `"`, `\`, "\t\n\r", "\x00\x01\x1b\x1f\x7f", "abc xyz", "\x80\xa0\xff", ""}
	random.Shuffle(len(kinds), func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
	kinds = kinds[:1+random.IntN(len(kinds))]
	message := make([]byte, random.IntN(301))
	for i := range message {
		kind := kinds[random.IntN(len(kinds))]
		if kind == "" {
			message[i] = byte(random.Uint32())
		} else {
			message[i] = kind[random.IntN(len(kind))]
		}
	}
	return message
}

// FuzzAppendBytes reads the literal back by rules of its own: a literal that
// parseLiteral takes is the only one that CPython would have printed for its
// message.
func FuzzAppendBytes(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v.message)
	}
	f.Fuzz(func(t *testing.T, message []byte) {
		literal := AppendBytes(nil, message)
		for i, c := range literal {
			if c < ' ' || c > '~' {
				t.Fatalf("AppendBytes(%x) = %q: byte %#02x at %d does not print", message, literal, c, i)
			}
		}
		got, err := parseLiteral(string(literal))
		if err != nil {
			t.Fatalf("AppendBytes(%x) = %s: %v", message, literal, err)
		}
		if !bytes.Equal(got, message) {
			t.Fatalf("AppendBytes(%x) = %s, which means %x", message, literal, got)
		}
	})
}

// parseLiteral returns the message that literal stands for. The error says why
// CPython would not have printed this literal.
func parseLiteral(literal string) ([]byte, error) {
	if len(literal) < 3 || literal[0] != 'b' || literal[1] != literal[len(literal)-1] {
		return nil, errors.New("not b'...' or b\"...\"")
	}
	quote, body := literal[1], literal[2:len(literal)-1]
	var message []byte
	for body != "" {
		c, rest, err := parseByte(body, quote)
		if err != nil {
			return nil, fmt.Errorf("at %q: %w", body, err)
		}
		message = append(message, c)
		body = rest
	}
	singleOnly := bytes.ContainsRune(message, '\'') && !bytes.ContainsRune(message, '"')
	if want := map[bool]byte{true: '"', false: '\''}[singleOnly]; quote != want {
		return nil, fmt.Errorf("quoted with %c, not with %c", quote, want)
	}
	return message, nil
}

// parseByte returns the byte that body begins with, and the rest of body.
func parseByte(body string, quote byte) (byte, string, error) {
	switch c := body[0]; {
	case c < ' ' || c > '~':
		return 0, "", errors.New("does not print")
	case c == quote:
		return 0, "", errors.New("ends the literal too early")
	case c != '\\':
		return c, body[1:], nil
	case len(body) < 2:
		return 0, "", errors.New("nothing after the backslash")
	}
	switch c := body[1]; c {
	case '\\', quote:
		return c, body[2:], nil
	case 't':
		return '\t', body[2:], nil
	case 'n':
		return '\n', body[2:], nil
	case 'r':
		return '\r', body[2:], nil
	case 'x':
		return parseHex(body[2:])
	}
	return 0, "", errors.New("no such escape")
}

func parseHex(digits string) (byte, string, error) {
	if len(digits) < 2 || strings.Trim(digits[:2], "0123456789abcdef") != "" {
		return 0, "", errors.New("not two lower-case digits")
	}
	c, err := strconv.ParseUint(digits[:2], 16, 8)
	switch {
	case err != nil:
		return 0, "", err
	case c == '\t' || c == '\n' || c == '\r' || ' ' <= c && c <= '~':
		return 0, "", fmt.Errorf("%q has a shorter text", rune(c))
	}
	return byte(c), digits[2:], nil
}

// The oracle of the fuzz test is worth what it rejects.
func TestParseLiteral(t *testing.T) {
	t.Parallel()
	for _, v := range vectors(t) {
		if got, err := parseLiteral(v.repr); err != nil || !bytes.Equal(got, v.message) {
			t.Errorf("parseLiteral(%s) = %x, %v; want %x", v.repr, got, err, v.message)
		}
	}
	for _, literal := range []string{
		``, `b`, `b'`, `b"`, `''`, `'a'`, `B'a'`, `b'a"`, `b'a`,
		`b'\x41'`, `b'\x20'`, `b'\x7e'`, `b'\x09'`, `b'\x0a'`, `b'\x0d'`, `b'\x5c'`, `b'\x27'`,
		`b'\xFF'`, `b'\xfF'`, `b'\xf'`, `b'\x'`, `b'\xg0'`, `b'\x+1'`,
		`b'\0'`, `b'\a'`, `b'\b'`, `b'\e'`, `b'\N'`, `b'\u0041'`, `b'\'`, `b'a\'`,
		`b'it's'`, `b'it\'s'`, `b"hi"`, `b""`, `b'\"'`, `b"\'"`, `b"it's \"both\""`, `b"say \"hi\""`,
		"b'\n'", "b'\t'", "b'\x00'", "b'\x7f'", "b'\x80'", "b'ü'",
	} {
		if got, err := parseLiteral(literal); err == nil {
			t.Errorf("parseLiteral(%q) = %x, want an error", literal, got)
		}
	}
}

type vector struct {
	message []byte
	repr    string
}

func vectors(t testing.TB) (vectors []vector) {
	t.Helper()
	for line := range strings.Lines(vectorFile(t)) {
		digits, repr, tab := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		message, err := hex.DecodeString(digits)
		if !tab || err != nil {
			t.Fatalf("testdata/bytes.tsv: line %q is not hex, a tab and a repr: %v", line, err)
		}
		vectors = append(vectors, vector{message, repr})
	}
	return vectors
}

func vectorFile(t testing.TB) string {
	t.Helper()
	file, err := os.ReadFile("testdata/bytes.tsv")
	if err != nil {
		t.Fatal(err)
	}
	return string(file)
}

func BenchmarkAppendBytes(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, size := range []int{64, 64 << 10} {
		printable, binary := make([]byte, size), make([]byte, size)
		for i := range size {
			printable[i] = byte('a' + random.IntN(26))
			binary[i] = byte(random.Uint32())
		}
		for name, message := range map[string][]byte{"printable": printable, "random": binary} {
			b.Run(fmt.Sprintf("%s/%d", name, size), func(b *testing.B) {
				b.SetBytes(int64(size))
				b.ReportAllocs()
				var literal []byte
				for b.Loop() {
					literal = AppendBytes(literal[:0], message)
				}
			})
		}
	}
}
