"""Usual: an echo server with the streams of Python's asyncio.

    python3 usual_asyncio.py 127.0.0.1 1337
"""

import asyncio
import sys


async def echo(reader, writer):
    while message := await reader.read(65536):
        writer.write(message)
        await writer.drain()  # waits while the client does not read
    writer.close()


async def main(host, port):
    async with await asyncio.start_server(echo, host, port) as server:
        await server.serve_forever()


asyncio.run(main(*sys.argv[1:]))
