"""The original: a multiplexed echo server in Python, written from its description.

    python3 original.py 127.0.0.1:1337      four worker processes
    python3 original.py 127.0.0.1:1337 0    one loop, in this process

The tests hold the log of the Go servers against the log of this program.
Beyond the description it does what the Go servers do when a client leaves or
is lost, and when it is told to stop.
"""

import multiprocessing
import select
import signal
import socket
import sys

N_OF_PROCESSES = 4
SIGNALS = {signal.SIGINT, signal.SIGTERM}


def log(line):
    sys.stdout.write(f'{line}\n')
    sys.stdout.flush()


def worker(server_sock):
    stopping, stop = socket.socketpair()
    stop.setblocking(False)
    signal.set_wakeup_fd(stop.fileno())  # a Python handler may run only after select
    signal.signal(signal.SIGINT, signal.SIG_IGN if multiprocessing.parent_process() else lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: None)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    readers, writers = [server_sock, stopping], []
    messages = {}  # by client
    texts = {}  # a socket's text changes when its peer resets; the log keeps the first

    def forget(client):
        for clients in readers, writers:
            if client in clients:
                clients.remove(client)
        messages.pop(client, None)
        client.close()

    def lose(client, error):
        log(f'Lost client sock {texts.pop(client)}: {error.strerror.lower()}')
        forget(client)

    while server_sock in readers or texts:
        ready_readers, ready_writers, _ = select.select(readers, writers, [])
        for reader in ready_readers:
            if reader is stopping:
                for sock in server_sock, stopping:
                    readers.remove(sock)
                server_sock.close()
                for client in list(texts):
                    if client not in messages:
                        client.shutdown(socket.SHUT_WR)
            elif reader is server_sock:
                try:
                    client_sock, addr = server_sock.accept()
                except BlockingIOError:
                    continue  # another worker was faster
                client_sock.setblocking(False)
                texts[client_sock] = repr(client_sock)
                log(f'Created client sock {client_sock} with addr {addr}')
                readers.append(client_sock)
            else:
                try:
                    message = reader.recv(65536)
                except BlockingIOError:
                    continue
                except OSError as error:
                    lose(reader, error)
                    continue
                if message:
                    messages[reader] = (message, 0)
                    readers.remove(reader)
                    writers.append(reader)
                else:
                    log(f'Closed client sock {texts.pop(reader)}')
                    forget(reader)
        for writer in ready_writers:
            message, sent = messages[writer]
            try:
                sent += writer.send(message[sent:])
            except BlockingIOError:
                continue
            except OSError as error:
                lose(writer, error)
                continue
            messages[writer] = (message, sent)
            if sent == len(message):
                log(f'Data sent {message} to {texts[writer]}')
                del messages[writer]
                writers.remove(writer)
                readers.append(writer)


def main():
    host, port = sys.argv[1].rsplit(':', 1)
    processes = int(sys.argv[2]) if len(sys.argv) > 2 else N_OF_PROCESSES
    server_sock = socket.socket()
    server_sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server_sock.bind((host, int(port)))
    server_sock.listen(socket.SOMAXCONN)
    server_sock.setblocking(False)
    log(f'Created server sock {server_sock}')
    if processes == 0:
        worker(server_sock)
        return
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    started = []
    for _ in range(processes):
        process = multiprocessing.Process(target=worker, args=(server_sock,))
        process.start()
        log(process)
        started.append(process)
    signal.sigwait(SIGNALS)
    server_sock.close()
    for process in started:
        process.terminate()
    for process in started:
        process.join()
        log(process)


if __name__ == '__main__':
    multiprocessing.set_start_method('fork')
    main()
