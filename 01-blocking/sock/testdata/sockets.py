"""Prints what CPython makes of TCP sockets and of IPv6 addresses: the test
vectors of String. The fields are separated by tabs.

    python3 sockets.py > sockets.tsv

    socket   fd  laddr  raddr  repr    raddr is - if there is none
    address  hex  text                 what inet_ntop says

laddr and raddr are hex,port,flow,scope. The addresses are always the same,
the ports of the sockets are not.
"""
import fcntl
import random
import socket


def address(name):
    """The fields of the address that name, getsockname or getpeername, gives."""
    try:
        host, port, *more = name()
    except OSError:  # not connected
        return "-"
    flow, scope = more or (0, 0)
    family = socket.AF_INET6 if more else socket.AF_INET
    return f"{socket.inet_pton(family, host).hex()},{port},{flow},{scope}"


def show(s):
    print("socket", s.fileno(), address(s.getsockname), address(s.getpeername), s, sep="\t")


def listen(family, host, scope=0):
    s = socket.socket(family, socket.SOCK_STREAM)
    s.bind((host, 0, 0, scope) if family == socket.AF_INET6 else (host, 0))
    s.listen()
    return s


def show_all(family, host, to, scope=0):
    """Shows a socket that listens on host, and both ends of a connection to it."""
    with listen(family, host, scope) as server, socket.socket(family, socket.SOCK_STREAM) as client:
        show(server)
        port, more = server.getsockname()[1], server.getsockname()[2:]
        client.connect((to, port, *more))
        accepted, _ = server.accept()
        with accepted:
            show(accepted)
            show(client)
            with socket.socket(family, socket.SOCK_STREAM, 0, fcntl.fcntl(accepted, fcntl.F_DUPFD, 100)) as high:
                show(high)


def link_locals():
    """The link-local addresses of this machine, which have a scope."""
    with open("/proc/net/if_inet6") as table:
        for line in table:
            digits, scope, *_ = line.split()
            if digits.startswith("fe80"):
                yield socket.inet_ntop(socket.AF_INET6, bytes.fromhex(digits)), int(scope, 16)


def show_sockets():
    show_all(socket.AF_INET, "127.0.0.1", "127.0.0.1")
    show_all(socket.AF_INET, "127.255.255.254", "127.255.255.254")
    show_all(socket.AF_INET, "0.0.0.0", "127.0.0.1")
    try:
        show_all(socket.AF_INET6, "::1", "::1")
    except OSError:  # a kernel without IPv6
        return
    show_all(socket.AF_INET6, "::", "::1")
    show_all(socket.AF_INET6, "::", "::ffff:127.0.0.1")
    for host, scope in link_locals():
        show_all(socket.AF_INET6, host, host, scope)


def addresses():
    for text in ("::", "::1", "::1:0", "::1:1", "::ffff", "::1:ffff", "::1.2.3.4", "::0.1.0.0", "::255.255.255.255",
                 "::ffff:0.0.0.0", "::ffff:1.2.3.4", "::ffff:127.0.0.1", "::fffe:1.2.3.4", "::ffff:0:1.2.3.4",
                 "64:ff9b::1.2.3.4", "1::", "1::1", "1:0:0:2:0:0:0:3", "1:0:0:0:2:0:0:3", "1:0:0:2:0:0:3:4",
                 "0:0:1:0:0:2:0:0", "0:1:0:1:0:1:0:1", "1:0:2:3:4:5:6:7", "0:1:2:3:4:5:6:7", "1:2:3:4:5:6:7:0",
                 "2001:db8::1", "2001:db8:0:1:1:1:1:1", "fe80::1", "ff02::1", "1:2:3:4:5:6:7:8",
                 "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"):
        yield socket.inet_pton(socket.AF_INET6, text)
    # every pattern of zero words
    for pattern in range(256):
        yield b"".join((0xa0 + i if pattern >> i & 1 else 0).to_bytes(2, "big") for i in range(8))
    # random words, most of them zero
    rng = random.Random(1337)
    for _ in range(300):
        yield b"".join((rng.getrandbits(rng.getrandbits(4) + 1) if rng.random() < 0.4 else 0).to_bytes(2, "big")
                       for _ in range(8))


show_sockets()
for packed in addresses():
    print("address", packed.hex(), socket.inet_ntop(socket.AF_INET6, packed), sep="\t")
