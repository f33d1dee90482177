"""Right: an echo server with Python's selectors, one thread for all clients. It
passes every scenario.

    python3 right_selectors.py 127.0.0.1 1337

Most of the wrong servers beside it are this one with one fault put in.
"""

import errno
import selectors
import signal
import socket
import sys

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class Client:
    owed = b''
    is_silent = False  # it has got the end of our stream

    def __init__(self, sock):
        self.sock = sock


class Server:
    stop_signals = signal.SIGTERM, signal.SIGINT
    client = Client
    is_stopping = is_resting = False

    def __init__(self, host, port):
        self.clients = set()
        self.selector = selectors.DefaultSelector()
        self.waker, self.woken = socket.socketpair()  # a signal makes woken readable
        self.waker.setblocking(False)
        self.selector.register(self.woken, READ)
        signal.set_wakeup_fd(self.waker.fileno())
        for number in self.stop_signals:
            signal.signal(number, lambda *_: None)
        self.listener = socket.create_server((host, int(port)), backlog=socket.SOMAXCONN)
        self.listener.setblocking(False)
        self.selector.register(self.listener, READ)

    def run(self):
        while self.listener or self.clients:
            self.turn()

    def turn(self):
        ready = self.selector.select(0.1 if self.is_resting or self.is_stopping else None)
        ready = {key.fileobj: key.data for key, _ in ready}
        if self.is_resting:
            self.selector.register(self.listener, READ)
            self.is_resting = False
        for client in filter(None, ready.values()):
            self.serve(client)
        if self.woken in ready and self.woken.recv(100)[0] in self.stop_signals:
            self.is_stopping = True
        if self.is_stopping:
            for client in [c for c in self.clients if c.sock not in ready]:
                self.silence(client)
        if self.listener and (self.listener in ready or self.is_stopping):
            self.accept()

    def accept(self):
        try:
            sock, _ = self.listener.accept()
        except BlockingIOError:
            if self.is_stopping:  # and nobody is left in the queue
                self.selector.unregister(self.listener)
                self.listener = self.listener.close()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self.rest()
        else:
            sock.setblocking(False)
            client = self.client(sock)
            self.clients.add(client)
            self.selector.register(sock, READ, client)

    def rest(self):
        """Leaves the listener alone until something happens, or for a while."""
        self.selector.unregister(self.listener)
        self.is_resting = True

    def serve(self, client):
        try:
            if not client.owed:
                message = client.sock.recv(65536)
                if not message:
                    return self.leave(client)
                if client.is_silent:
                    return
                client.owed = memoryview(message)  # whose slices copy nothing
            sent = client.sock.send(client.owed)
            client.owed = client.owed[sent:]
        except BlockingIOError:
            pass
        except OSError:
            return self.lose(client)
        self.selector.modify(client.sock, WRITE if client.owed else READ, client)

    def silence(self, client):
        """Ends the stream to a client that has got all that it sent."""
        if client.owed or client.is_silent:
            return
        client.is_silent = True
        try:
            client.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self.lose(client)

    def lose(self, client):
        self.leave(client)

    def leave(self, client):
        self.selector.unregister(client.sock)
        self.clients.remove(client)
        client.sock.close()


if __name__ == '__main__':
    Server(*sys.argv[1:]).run()
