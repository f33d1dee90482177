"""Usual: an echo server with Python's socketserver, a thread for each client.

    python3 usual_threads.py 127.0.0.1 1337
"""

import socketserver
import sys


class Client(socketserver.BaseRequestHandler):
    def handle(self):
        while message := self.request.recv(65536):
            self.request.sendall(message)


socketserver.ThreadingTCPServer.allow_reuse_address = True
with socketserver.ThreadingTCPServer((sys.argv[1], int(sys.argv[2])), Client) as server:
    server.serve_forever()
