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
		if isPlain[c] && c != quote {
			continue
		}
		dst = append(dst, message[plain:i]...)
		dst = appendEscaped(dst, c)
		plain = i + 1
	}
	dst = append(dst, message[plain:]...)
	return append(dst, quote)
}

// isPlain says which bytes stand for themselves. A table is looked up in the
// loop over every byte because four comparisons took twice the time.
var isPlain = func() (table [256]bool) {
	for c := ' '; c <= '~'; c++ {
		table[c] = c != '\\'
	}
	return table
}()

const hexDigits = "0123456789abcdef"

func appendEscaped(dst []byte, c byte) []byte {
	switch c {
	case '\t':
		return append(dst, `\t`...)
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\\', '\'', '"':
		return append(dst, '\\', c)
	}
	return append(dst, '\\', 'x', hexDigits[c>>4], hexDigits[c&15])
}
