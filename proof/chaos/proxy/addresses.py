"""Addresses of this machine: `host:port`, or the path of a unix socket."""

import asyncio
from collections.abc import Callable

BACKLOG = 512  # connections that wait to be accepted


async def listen(address: str, made: Callable[[], asyncio.Protocol]) -> asyncio.AbstractServer:
    """:raises OSError: if the address is taken."""
    loop = asyncio.get_running_loop()
    if address.startswith("/"):
        return await loop.create_unix_server(made, address, backlog=BACKLOG)
    host, port = _host_and_port(address)
    return await loop.create_server(made, host, port, backlog=BACKLOG, reuse_address=True)


async def connect(address: str, made: Callable[[], asyncio.Protocol]) -> None:
    """:raises OSError: if nobody listens there."""
    loop = asyncio.get_running_loop()
    if address.startswith("/"):
        await loop.create_unix_connection(made, address)
    else:
        await loop.create_connection(made, *_host_and_port(address))


async def open_stream(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """:raises OSError: if nobody listens there."""
    if address.startswith("/"):
        return await asyncio.open_unix_connection(address)
    return await asyncio.open_connection(*_host_and_port(address))


def _host_and_port(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host, int(port)
