"""Wrong: it spins. Without a descriptor for a client it calls accept again and
again, and uses all of a processor. It fails no-descriptor-left.
"""

import sys

import right_selectors


class Server(right_selectors.Server):
    def rest(self):
        pass  # the listener stays watched, and stays ready


Server(*sys.argv[1:]).run()
