"""A client that sends one request over many connections, again and again, as fast as it is answered."""

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx


@contextmanager
def flood(request: httpx.Request, *, connections: int) -> Iterator[Counter[int]]:
    """Send the request until the block ends. Yield the number of answers by status, which grows meanwhile."""
    answers: Counter[int] = Counter()
    is_over = threading.Event()
    sender = threading.Thread(target=lambda: asyncio.run(_send(request, connections, answers, is_over)))
    sender.start()
    try:
        yield answers
    finally:
        is_over.set()
        sender.join()


async def _send(request: httpx.Request, connections: int, answers: Counter[int], is_over: threading.Event) -> None:
    head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    sent = f"{request.method} {request.url.raw_path.decode()} HTTP/1.1\r\n{head}\r\n".encode() + request.content
    host = urlsplit(str(request.url))

    async def one() -> None:
        while not is_over.is_set():
            try:
                reader, writer = await asyncio.open_connection(host.hostname, host.port)
                while not is_over.is_set():
                    writer.write(sent)
                    answered = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                    await reader.readexactly(int(answered.partition("content-length: ")[2].partition("\r\n")[0]))
                    answers[int(answered.split()[1])] += 1
                writer.close()
            except (OSError, EOFError, ValueError):
                await asyncio.sleep(0.1)

    async with asyncio.timeout(60):
        await asyncio.gather(*(one() for _ in range(connections)))
