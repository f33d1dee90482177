"""Prints how CPython shows processes that ended in every way, and threads.

Each line: the wait status, the name, the pid and the parent's pid of a process,
and its text; or "thread", number, state and id of a thread, and its text.
"""

import multiprocessing
import os
import signal
import threading


def process(end, argument):
    go, wait = os.pipe()

    def target():
        os.read(go, 1)
        end(argument)

    p = multiprocessing.Process(target=target)
    p.start()
    print('running', p.name, p.pid, os.getpid(), repr(p), sep='\t')
    os.write(wait, b'.')
    p.join()
    os.close(go)
    os.close(wait)
    status = -p.exitcode if p.exitcode < 0 else p.exitcode << 8
    print(status, p.name, p.pid, os.getpid(), repr(p), sep='\t')


def end_by(number):
    if number not in (signal.SIGKILL, signal.SIGSTOP):
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def main():
    for code in 0, 1, 2, 127, 255:
        process(os._exit, code)
    ending = set(range(1, 65)) - {32, 33, signal.SIGCHLD, signal.SIGCONT, signal.SIGURG, signal.SIGWINCH}
    for number in sorted(ending - {signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU}):
        process(end_by, number)

    def worker():
        t = threading.current_thread()
        print('thread', 1, 'started', t.ident, repr(t), sep='\t')

    t = threading.Thread(target=worker)
    t.start()
    t.join()
    print('thread', 1, 'stopped', t.ident, repr(t), sep='\t')


if __name__ == '__main__':
    multiprocessing.set_start_method('fork')
    import resource
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
