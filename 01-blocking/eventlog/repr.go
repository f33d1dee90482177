package eventlog

import "bytes"

// AppendBytes appends message as CPython's repr prints a bytes object: b'...'
// with \t \n \r \\ and \x00 for what does not print, and double quotes where
// the message has single ones only. A client's newline cannot forge a line of
// the log, nor its escape codes reach a terminal.
//
// Source: PyBytes_Repr in CPython's Objects/bytesobject.c.
func AppendBytes(dst, message []byte) []byte {
	quote := byte('\'')
	if bytes.IndexByte(message, '\'') >= 0 && bytes.IndexByte(message, '"') < 0 {
		quote = '"'
	}
	dst = append(dst, 'b', quote)
	plain := 0 // message[plain:i] stands in the text as it is
	for i, c := range message {
		if ' ' <= c && c <= '~' && c != '\\' && c != quote {
			continue
		}
		if plain < i { // in binary data most runs are empty, and an empty copy costs too
			dst = append(dst, message[plain:i]...)
		}
		plain = i + 1
		switch c {
		case '\\', quote:
			dst = append(dst, '\\', c)
		case '\t':
			dst = append(dst, '\\', 't')
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		default:
			dst = append(dst, '\\', 'x', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	dst = append(dst, message[plain:]...)
	return append(dst, quote)
}

const hexDigits = "0123456789abcdef"
