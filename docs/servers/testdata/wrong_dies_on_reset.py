"""Wrong: a client that resets its connection ends the server for all. It fails
every scenario in which a client does.
"""

import sys

import right_selectors


class Server(right_selectors.Server):
    def lose(self, client):
        raise  # as if nobody caught the ConnectionResetError


Server(*sys.argv[1:]).run()
