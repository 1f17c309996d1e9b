"""An echo server with TLS, written with Python's websockets: tls_server.py CERTIFICATE KEY. Prints its port."""

import asyncio
import ssl
import sys

import websockets


async def echo(socket):
    async for message in socket:
        await socket.send(message)


async def main():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    async with websockets.serve(echo, "127.0.0.1", 0, ssl=context) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.Future()


asyncio.run(main())
