"""A client written with Python's websockets: client.py SCENARIO URL ARGUMENT... Exits with 1 if an assertion fails."""

import asyncio
import json
import sys

import websockets


def has_closed(socket):
    print(json.dumps({"code": socket.close_code, "reason": socket.close_reason}))


async def echo(url):
    async with websockets.connect(url) as socket:
        texts = ["hello", "", "Gr\u00fc\u00dfe \U0001f600 \u6771\u4eac", "x" * 2**20]
        for sent in [*texts, b"\x00\xff", b"", bytes(range(256)) * 4096]:
            await socket.send(sent)
            received = await socket.recv()
            assert type(received) is type(sent), f"{type(sent)} came back as {type(received)}"
            assert received == sent
    has_closed(socket)


async def sizes(url, compression):
    """Messages of 0 B to 16 MiB, whole and fragmented. Every reply is of the same kind."""
    offered = "deflate" if compression == "on" else None
    async with websockets.connect(url, compression=offered, max_size=2**25) as socket:
        # From version 14 on the extensions are those of the protocol object.
        extensions = socket.extensions if hasattr(socket, "extensions") else socket.protocol.extensions
        assert bool(extensions) == bool(offered)
        for size in [0, 1, 125, 126, 65535, 65536, 2**20, 2**24]:
            text = ("reading 45.5, " * (size // 14 + 1))[:size]
            for sent in [text, text.encode()]:
                await socket.send(sent)
                assert await socket.recv() == sent
                await socket.send([sent[: size // 2], sent[size // 2 :]])
                assert await socket.recv() == sent
    has_closed(socket)


async def many(url):
    """Sends everything before it receives anything."""
    async with websockets.connect(url) as socket:
        messages = [f"message {i}" for i in range(1000)]
        for message in messages:
            await socket.send(message)
        for message in messages:
            assert await socket.recv() == message


async def fragments(url):
    async with websockets.connect(url) as socket:
        await socket.send(["one ", "", "two ", "Gr\u00fc\u00dfe"])
        assert await socket.recv() == "one two Gr\u00fc\u00dfe"
        await socket.send([b"\x00\x01", b"\x02"])
        assert await socket.recv() == b"\x00\x01\x02"


async def ping(url):
    async with websockets.connect(url) as socket:
        await (await socket.ping(b"payload"))
        await (await socket.ping())


async def hello(url):
    received = []
    async with websockets.connect(url) as socket:
        async for message in socket:
            received.append(message)
            await socket.send(f"reply to {message}")
    assert received == [f"Hello  {i}" for i in range(10)], received
    has_closed(socket)


async def say(url, text):
    """Sends one message and waits for the server to close."""
    async with websockets.connect(url) as socket:
        await socket.send(text)
        await socket.wait_closed()
    has_closed(socket)


async def sensors(url, form):
    """Receives two different readings."""
    async with websockets.connect(url, subprotocols=[f"sensors.{form}"]) as socket:
        assert socket.subprotocol == f"sensors.{form}"
        print(json.dumps([await socket.recv(), await socket.recv()]))


async def temperatures(url):
    """Answers each text, because the server sends the next one only then."""
    async with websockets.connect(url) as socket:
        texts = []
        for _ in range(3):
            texts.append(await socket.recv())
            await socket.send("thanks")
        print(json.dumps(texts))


async def close(url, code, reason):
    async with websockets.connect(url) as socket:
        await socket.close(int(code), reason)
    has_closed(socket)


async def listen(url):
    """Prints that it is connected and waits for the server to close."""
    async with websockets.connect(url) as socket:
        print("connected", flush=True)
        async for _ in socket:
            pass
    has_closed(socket)


asyncio.run(globals()[sys.argv[1]](*sys.argv[2:]))
