"""Wrong: it serves one client at a time. It fails every scenario in which two
clients are there, and those that tell it to stop: it waits inside recv.
"""

import socket
import sys
import time


def echo(client):
    with client:
        while message := client.recv(65536):
            client.sendall(message)


listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=socket.SOMAXCONN)
while True:
    try:
        client, _ = listener.accept()
    except OSError:  # out of descriptors, for one
        time.sleep(0.1)
        continue
    try:
        echo(client)
    except OSError:  # a reset, for one: the next client is served
        pass
