"""A link: where one part reaches another, and the connections that go through it."""

import asyncio
from contextlib import suppress

from chaos.proxy.addresses import connect, listen, open_stream
from chaos.proxy.fault_set import FaultSet, LinkFault
from chaos.proxy.pair import Pair
from chaos.proxy.recording import RecentRequests

LISTEN_AGAIN = 0.05  # seconds between two tries to get a port back
ANSWERS_WITHIN = 8.0  # seconds that a repeated request may take


class Link:
    """
    Listens at one address and connects to another one.

    :param listens: `host:port`, or the path of a unix socket.
    :param target: likewise.
    """

    def __init__(self, name: str, *, listens: str, target: str, is_http: bool) -> None:
        self.name = name
        self.listens = listens
        self.target = target
        self.is_http = is_http
        self.faults = FaultSet()
        self.pairs: set[Pair] = set()
        self.recent = RecentRequests()
        self._server: asyncio.AbstractServer | None = None
        self._connecting: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Listen. If an outgoing connection uses the port at the moment, wait until it is free."""
        while self._server is None:
            try:
                self._server = await listen(self.listens, lambda: Pair(self).client)
            except OSError:
                await asyncio.sleep(LISTEN_AGAIN)

    def close(self) -> None:
        """Stop listening. Connections stay."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def connect(self, pair: Pair) -> None:
        """Connect a new pair with the target, or break it if that refuses."""
        task = asyncio.get_running_loop().create_task(self._connect(pair))
        self._connecting.add(task)
        task.add_done_callback(self._connecting.discard)

    async def _connect(self, pair: Pair) -> None:
        try:
            await connect(pair.target, lambda: pair.server)
        except OSError:
            pair.abort()
            return
        if pair in self.pairs:
            pair.pump()
        else:
            pair.abort()

    def break_all(self) -> int:
        """Reset every connection. Return how many there were."""
        broken = list(self.pairs)
        for pair in broken:
            pair.abort()
        return len(broken)

    def redirect(self, target: str) -> str:
        """Connect new clients to another address from now on. Return the previous one."""
        before, self.target = self.target, target
        return before

    def connections_to(self, target: str) -> int:
        return sum(pair.target == target for pair in self.pairs)

    async def add_fault(self, number: int, fault: LinkFault) -> None:
        self.faults.by_number[number] = fault
        if fault.kind == "refuse":
            self.close()
            fault.touched = self.break_all()
        if fault.kind == "vanish":
            fault.touched = len(self.pairs)
            for pair in self.pairs:
                pair.is_silent = True

    async def remove_fault(self, number: int) -> int:
        """Remove one fault; deliver what it held back, or break those connections. Return how much it affected."""
        fault = self.faults.by_number.pop(number)
        if fault.kind == "refuse" and self.faults.first("refuse") is None:
            await self.open()
        if fault.kind == "blackhole" and not fault.deliver:
            for pair in list(self.pairs):
                if pair.up.held_back or pair.down.held_back:
                    pair.abort()
        if self.faults.first("vanish") is None:
            for pair in [pair for pair in self.pairs if pair.is_silent]:
                pair.abort()
        for pair in list(self.pairs):
            pair.up.held_back = pair.down.held_back = False
            pair.pump()
        return fault.touched

    async def repeat(self, raw: bytes) -> str:
        """
        Send a whole request once more, over a connection of its own. Return the first line of its answer.

        :raises OSError: if it could not be sent.
        """
        reader, writer = await asyncio.wait_for(open_stream(self.target), ANSWERS_WITHIN)
        try:
            writer.write(raw)
            await writer.drain()
            line = await asyncio.wait_for(reader.readline(), ANSWERS_WITHIN)
        finally:
            writer.close()
            with suppress(OSError):  # it may be reset
                await writer.wait_closed()
        return line.decode("latin-1").strip()
