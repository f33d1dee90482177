"""Prints what CPython makes of messages: the test vectors of AppendBytes.

    python3 bytes.py > bytes.tsv    a line for each: hex, a tab, repr
    python3 bytes.py - < messages   the repr of each line of hex
"""
import sys

CURL = b"GET / HTTP/1.1\r\nHost: 127.0.0.1:1337\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n\r\n"

FORGED = (b"hello' to <socket.socket fd=5>\n"
          b"Closed client sock <socket.socket fd=11, family=2, type=1, proto=0>\n")

MESSAGES = [
    b"",
    *(bytes([c]) for c in range(256)),
    bytes(range(256)),
    # which quote: single ones, unless the message has single ones only
    b"it's", b"'", b"''", b"'''''",
    b'say "hi"', b'"', b'""',
    b"it's \"both\"", b"'\"", b"\"'",
    b"neither",
    b"\\", b"\\\\", b"C:\\temp\\new", b"\\'", b"\\\"", b"\\'\\\"", b"'\\", b"\"\\",
    b"\\x41", b"\\n", b"it's\n", b"it's\x00\xff", b"\x00'\x00\"\x00",
    b"b'...'", b"b\"...\"",
    CURL,
    CURL.replace(b"/ HTTP", b"/it's HTTP"),
    *(text.encode() for text in ("Grüße", "Ελληνικά", "日本語", "🙂", "a\u0301", "\u2028", "\u202e", "\x85")),
    b"\r", b"\n", b"\t", b"\r\n", b"\n\r", b"\t\t", b"a\r\nb\tc\n", b"\v\f\a\b",
    # escape codes: red, clear the screen, set the window's title, and one of a single byte
    b"\x1b[31mred\x1b[0m", b"\x1b[2J\x1b[H", b"\x1b]0;title\x07", b"\x9b2J", b"\x7f\x08\x08",
    FORGED,
    FORGED.replace(b"'", b"\""),
    b"\x00" * 8, b"\xff" * 8, b" ", b" ~ ", b"a" * 300,
]

if sys.argv[1:] == ["-"]:
    for line in sys.stdin:
        print(repr(bytes.fromhex(line)))
else:
    for message in MESSAGES:
        print(message.hex(), repr(message), sep="\t")
