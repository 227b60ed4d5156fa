"""Bytes on a socket, for requests that no HTTP library would send."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from stack.ports import LOOPBACK

Address = int | str  # a TCP port of this machine, or the path of a unix socket

QUIET = 0.5  # seconds


@dataclass(frozen=True)
class Answer:
    """One HTTP answer as it came over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes


@contextmanager
def connection(address: Address, *, timeout: float = 8.0) -> Iterator[socket.socket]:
    """
    Open a connection.

    :param timeout: the longest wait for anything, in seconds.
    """
    with socket.socket(socket.AF_INET if isinstance(address, int) else socket.AF_UNIX) as opened:
        opened.settimeout(timeout)
        opened.connect((LOOPBACK, address) if isinstance(address, int) else address)
        yield opened


def exchange(address: Address, sent: bytes, *, timeout: float = 8.0) -> list[Answer]:
    """
    Send bytes and return every answer, until the other side closes or, having answered, keeps quiet for half a second.

    :raises TimeoutError: if nothing comes in time.
    """
    with connection(address, timeout=timeout) as opened:
        with suppress(OSError):  # it may have refused and closed before all was sent; its answer is read below
            opened.sendall(sent)
        return answers(b"".join(_received(opened)))


def answers(raw: bytes) -> list[Answer]:
    """Split the received bytes into answers, by their Content-Length or their chunks."""
    found = []
    while raw:
        head, _, rest = raw.partition(b"\r\n\r\n")
        status_line, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if headers.get("transfer-encoding") == "chunked":
            body, raw = _join_chunks(rest)
        else:
            length = int(headers.get("content-length", len(rest)))
            body, raw = rest[:length], rest[length:]
        found.append(Answer(int(status_line.split(" ")[1]), headers, body))
    return found


def _join_chunks(rest: bytes) -> tuple[bytes, bytes]:
    """Return a chunked body, and what follows it."""
    body = b""
    while True:
        size, _, rest = rest.partition(b"\r\n")
        length = int(size, 16)
        body, rest = body + rest[:length], rest[length + 2 :]
        if not length:
            return body, rest


def _received(opened: socket.socket) -> Iterator[bytes]:
    """Yield the received bytes, also those from before a reset."""
    with suppress(ConnectionResetError):
        if first := opened.recv(65536):
            yield first
        opened.settimeout(QUIET)
        with suppress(TimeoutError):
            while first and (part := opened.recv(65536)):
                yield part
