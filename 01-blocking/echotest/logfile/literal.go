package logfile

import (
	"fmt"
	"strings"
)

// parseBytes reads a bytes literal of CPython's at the start of text, and
// returns what stands behind it.
func parseBytes(text string) (data []byte, rest string, err error) {
	if len(text) < 3 || text[0] != 'b' || (text[1] != '\'' && text[1] != '"') {
		return nil, "", fmt.Errorf("no bytes literal")
	}
	quote := text[1]
	text = text[2:]
	if end := strings.IndexByte(text, quote); end >= 0 && !strings.Contains(text[:end], `\`) {
		return []byte(text[:end]), text[end+1:], nil // most have no escape
	}
	for data = make([]byte, 0, len(text)); text != ""; {
		c, n := text[0], 1
		switch c {
		case quote:
			return data, text[1:], nil
		case '\\':
			if c, n = unescape(text); n == 0 {
				return nil, "", fmt.Errorf("an escape that Python does not write")
			}
		}
		data, text = append(data, c), text[n:]
	}
	return nil, "", fmt.Errorf("a bytes literal without end")
}

// unescape returns the byte that text begins with in escaped form, and the
// length of that form; 0 if there is none.
func unescape(text string) (c byte, length int) {
	const digits = "0123456789abcdef"
	if len(text) < 2 {
		return 0, 0
	}
	switch text[1] {
	case 't':
		return '\t', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case '\\', '\'', '"':
		return text[1], 2
	case 'x':
		if len(text) >= 4 {
			high, low := strings.IndexByte(digits, text[2]), strings.IndexByte(digits, text[3])
			if high >= 0 && low >= 0 {
				return byte(high<<4 | low), 4
			}
		}
	}
	return 0, 0
}
