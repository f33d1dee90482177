"""Wrong: all clients share one buffer for what is owed to them. While one does not
read, another gets its bytes. It fails the scenarios in which a client does not
read.
"""

import sys

import right_selectors


class Client(right_selectors.Client):
    shared = b''

    @property
    def owed(self):
        return Client.shared

    @owed.setter
    def owed(self, message):
        Client.shared = message


class Server(right_selectors.Server):
    client = Client


Server(*sys.argv[1:]).run()
