"""Wrong: it reads all that is there before it answers, and takes the end of a
client's stream for the end of the client, which still waits for its echo. It
fails the scenarios in which that end comes together with a message.
"""

import sys

import right_selectors


class Server(right_selectors.Server):
    def serve(self, client):
        if client.owed:
            return super().serve(client)
        message = bytearray()
        try:
            while part := client.sock.recv(65536):
                message += part
        except BlockingIOError:
            client.owed = memoryview(message)
            super().serve(client)
        except OSError:
            self.lose(client)
        else:
            self.leave(client)  # the message is lost


Server(*sys.argv[1:]).run()
