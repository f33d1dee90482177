"""Wrong: it ignores SIGTERM. Only SIGKILL ends it, which cuts its clients off. It
fails the scenarios that tell it to stop.
"""

import signal
import sys

import right_selectors


class Server(right_selectors.Server):
    stop_signals = (signal.SIGINT,)


signal.signal(signal.SIGTERM, signal.SIG_IGN)
Server(*sys.argv[1:]).run()
