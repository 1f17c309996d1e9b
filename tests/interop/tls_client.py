"""Says hello to a server over TLS: tls_client.py URL CA_FILE. Prints the reply and the TLS version."""

import asyncio
import ssl
import sys

import websockets


async def main():
    context = ssl.create_default_context(cafile=sys.argv[2])
    async with websockets.connect(sys.argv[1], ssl=context) as socket:
        for text in ("hello", "x" * 1_000_000):
            await socket.send(text)
            assert await socket.recv() == text
        print(socket.transport.get_extra_info("ssl_object").version())


asyncio.run(main())
