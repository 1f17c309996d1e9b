"""A server written with Python's websockets. It prints its port, then each event as a line of JSON."""

import asyncio
import json
import sys
from urllib.parse import parse_qs, urlsplit

import websockets


def tell(**event):
    print(json.dumps(event), flush=True)


async def echo(socket, _):
    async for message in socket:
        await socket.send(message)


async def hello(socket, _):
    for i in range(10):
        await socket.send(f"Hello  {i}")
        tell(received=await socket.recv())


async def person(socket, _):
    tell(received=await socket.recv())


async def refuse(socket, query):
    await socket.recv()
    await socket.close(int(query["code"][0]), query["reason"][0])


async def end(socket, query):
    await socket.close(int(query["code"][0]), query["reason"][0])


async def ask(socket, query):
    await socket.send(query["text"][0])
    async for _ in socket:
        pass


async def say(socket, query):
    """Sends the requested text, in this many fragments, with a ping between them."""
    for text in query["text"]:
        await socket.ping()
        await socket.send(text.split("|") if "|" in text else text)
    for digits in query.get("bytes", []):
        await socket.send(bytes.fromhex(digits))


async def handle(socket):
    # From version 14 on the path is that of the request.
    parts = urlsplit(socket.path if hasattr(socket, "path") else socket.request.path)
    tell(opened=parts.path, subprotocol=socket.subprotocol)
    try:
        await globals()[parts.path.removeprefix("/")](socket, parse_qs(parts.query, keep_blank_values=True))
        await socket.close()
    except websockets.ConnectionClosed:
        pass
    tell(closed=socket.close_code, reason=socket.close_reason)


def choose_subprotocol(_, offered):
    return "two" if "two" in offered else None


async def main():
    # From version 14 on `subprotocols` refuses clients that offer none of them.
    major = int(websockets.__version__.split(".")[0])
    names = {"subprotocols": ["two"]} if major < 14 else {"select_subprotocol": choose_subprotocol}
    async with websockets.serve(handle, "127.0.0.1", 0, **names, max_size=2**25) as server:
        tell(port=server.sockets[0].getsockname()[1])
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
