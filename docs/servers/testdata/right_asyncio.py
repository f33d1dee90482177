"""Right: an echo server with Python's asyncio. It passes every scenario.

    python3 right_asyncio.py 127.0.0.1 1337

It accepts clients itself. asyncio's create_server resets whoever is in the queue
when it is closed. Without descriptors it tries accept again and again, as often
as the queue is long (Python 3.11).
"""

import asyncio
import signal
import socket
import sys


class Client(asyncio.Protocol):
    is_silent = False  # it has got the end of our stream

    def __init__(self, server):
        self.server = server

    def connection_made(self, transport):
        self.transport = transport
        self.server.news += 1
        self.server.clients.add(self)

    def data_received(self, message):
        self.server.news += 1
        if not self.is_silent:
            self.transport.write(message)

    def pause_writing(self):  # the client does not read: read no more from it
        self.transport.pause_reading()

    def resume_writing(self):
        self.transport.resume_reading()

    def silence(self):
        self.is_silent = True
        self.transport.write_eof()

    def connection_lost(self, error):
        self.server.clients.remove(self)

    # At the end of a client's stream, asyncio sends what is owed and closes.


class Server:
    def __init__(self, loop):
        self.loop = loop
        self.clients = set()
        self.news = 0  # how many connections and messages came
        self.stopping = asyncio.Event()
        for number in signal.SIGTERM, signal.SIGINT:
            loop.add_signal_handler(number, self.stopping.set)

    def listen(self):
        if not self.stopping.is_set():
            self.loop.add_reader(self.listener, self.accept)

    def accept(self):
        """Accepts a client, and says whether there was one."""
        try:
            sock, _ = self.listener.accept()
        except BlockingIOError:
            return False
        except OSError:  # out of descriptors, for one: leave the queue alone for a while
            self.loop.remove_reader(self.listener)
            self.loop.call_later(0.1, self.listen)
            return False
        sock.setblocking(False)
        self.loop.create_task(self.loop.connect_accepted_socket(lambda: Client(self), sock))
        return True

    async def run(self, host, port):
        self.listener = socket.create_server((host, port), backlog=socket.SOMAXCONN)
        self.listener.setblocking(False)
        self.listen()
        await self.stopping.wait()
        self.loop.remove_reader(self.listener)
        while self.accept():
            pass
        self.listener.close()
        before = -1
        while self.news != before:  # everybody gets what has come
            before = self.news
            for _ in range(10):  # turns of the event loop; a new client needs four
                await asyncio.sleep(0)
        for client in self.clients:
            client.silence()
        while self.clients:
            await asyncio.sleep(0.1)


async def main(host, port):
    await Server(asyncio.get_running_loop()).run(host, int(port))


asyncio.run(main(*sys.argv[1:]))
