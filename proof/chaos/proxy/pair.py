"""One connection through a link: its two ends, and the effect of the link's faults on the bytes between them."""

import asyncio
import socket
import struct
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from chaos.proxy.recording import Recorder

if TYPE_CHECKING:
    from chaos.proxy.link import Link

ABORT = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends a reset at once


class Flow:
    """
    One direction of a connection: chunks in the order in which they came, each not before it is due.

    An empty chunk is the end of the stream.
    """

    def __init__(self, pair: "Pair", source: "End", sink: "End") -> None:
        self._pair, self.source, self.sink = pair, source, sink
        self._waiting: deque[tuple[float, bytes]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self.held_back = False

    def put(self, chunk: bytes) -> None:
        faults = self._pair.link.faults
        hole = faults.first("blackhole")
        if hole is not None and not self.held_back:
            self.held_back = True
            hole.touched += 1
        delay = 0.0 if faults.is_empty else faults.delay()
        if not delay and not self._waiting and hole is None and self.sink.transport is not None:
            self.sink.pass_on(chunk)
            return
        due = asyncio.get_running_loop().time() + delay
        if self._waiting:
            due = max(due, self._waiting[-1][0])
        self._waiting.append((due, chunk))
        self.pump()

    def pump(self) -> None:
        """Pass on the chunks that are due, unless a black hole is active; wait for the next one."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self.sink.transport is None or self._pair.is_silent or self._pair.link.faults.first("blackhole"):
            return
        loop = asyncio.get_running_loop()
        while self._waiting:
            due, chunk = self._waiting[0]
            if due > loop.time():
                self._timer = loop.call_at(due, self.pump)
                return
            self._waiting.popleft()
            self.sink.pass_on(chunk)


class End(asyncio.Protocol):
    """One end: of the client, or of the server."""

    def __init__(self, pair: "Pair", *, is_client: bool) -> None:
        self._pair = pair
        self._is_client = is_client
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        if self._is_client:
            self._pair.begin()

    def data_received(self, data: bytes) -> None:
        self._pair.arrived(data, from_client=self._is_client)

    def eof_received(self) -> bool:
        return False  # closes this end; the other one follows

    def connection_lost(self, exc: Exception | None) -> None:
        self._pair.ended(from_client=self._is_client, broken=exc is not None)

    def pause_writing(self) -> None:
        self._pair.other(self).hold(back=True)

    def resume_writing(self) -> None:
        self._pair.other(self).hold(back=False)

    def hold(self, *, back: bool) -> None:
        """Pause or resume reading from this end."""
        if self.transport is None or self.transport.is_closing():
            return
        if back:
            self.transport.pause_reading()
        else:
            self.transport.resume_reading()

    def pass_on(self, chunk: bytes) -> None:
        if self.transport is None or self.transport.is_closing():
            return
        if chunk:
            self.transport.write(chunk)
        else:
            self.transport.close()

    def abort(self) -> None:
        """End the connection with a reset, whatever was on its way."""
        if self.transport is None:
            return
        opened = self.transport.get_extra_info("socket")
        with suppress(OSError):  # it is gone already
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
        self.transport.abort()


class Pair:
    """Both ends of a connection. The client's bytes are requests, the server's are answers: no client pipelines."""

    def __init__(self, link: "Link") -> None:
        self.link = link
        self.target = link.target
        self.client, self.server = End(self, is_client=True), End(self, is_client=False)
        self.up, self.down = Flow(self, self.client, self.server), Flow(self, self.server, self.client)
        self._recorder = Recorder(link.recent) if link.is_http else None
        self.is_silent = False  # the server has vanished: nothing passes any more
        self._asking = False  # the last bytes came from the client
        self._is_write = False

    def begin(self) -> None:
        self.link.pairs.add(self)
        gone = self.link.faults.first("vanish")
        self.is_silent = gone is not None and not gone.deliver
        if not self.is_silent:
            self.link.connect(self)

    def other(self, end: End) -> End:
        return self.server if end is self.client else self.client

    def arrived(self, chunk: bytes, *, from_client: bool) -> None:
        if self.is_silent:
            return
        begins = self._asking != from_client
        self._asking = from_client
        share = None
        if from_client:
            if begins:
                self._is_write = not chunk.startswith((b"GET ", b"HEAD "))
                share = self.link.faults.cut("cut-request")
        elif begins and self._is_write:
            share = self.link.faults.cut("cut-reply")
        if share is not None:
            passed = chunk[: int(len(chunk) * share)]
            if passed:
                (self.server if from_client else self.client).pass_on(passed)
            # Bytes that passed are sent before the connection breaks, unless the kernel discards them.
            asyncio.get_running_loop().call_later(0.005, self.abort)
            self.link.pairs.discard(self)
            return
        if self not in self.link.pairs:
            return  # it was cut; what comes after the cut is lost
        if self._recorder is not None and from_client:
            self._recorder.feed(chunk, begins=begins)
        (self.up if from_client else self.down).put(chunk)

    def ended(self, *, from_client: bool, broken: bool) -> None:
        if self.is_silent:
            return
        if broken:
            self.abort()
        elif self in self.link.pairs:
            (self.up if from_client else self.down).put(b"")
        if self.client.transport is not None and self.client.transport.is_closing() and self._server_is_gone():
            self.link.pairs.discard(self)

    def _server_is_gone(self) -> bool:
        return self.server.transport is None or self.server.transport.is_closing()

    def pump(self) -> None:
        self.up.pump()
        self.down.pump()

    def abort(self) -> None:
        self.link.pairs.discard(self)
        self.client.abort()
        self.server.abort()
