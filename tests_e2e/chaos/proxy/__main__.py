"""The proxy as a process of its own: orders come as JSON lines on standard input, answers go to standard output."""

import asyncio
import json
import sys
from typing import Any

from chaos.proxy.link import Link
from chaos.proxy.recording import Recorded
from chaos.proxy.weather import Trouble

Order = dict[str, Any]


class Proxy:
    """All links of one shop."""

    def __init__(self) -> None:
        self._links: dict[str, Link] = {}
        self._picked: dict[int, Recorded] = {}
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Obey until standard input closes, which it does however the one who gives orders ends."""
        loop = asyncio.get_running_loop()
        orders = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
        while line := await orders.readline():
            task = loop.create_task(self._obey(json.loads(line)))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _obey(self, order: Order) -> None:
        answer: Order = {"number": order["number"]}
        try:
            answer["result"] = await self._do(order)
        except (OSError, KeyError, TimeoutError) as error:
            answer["error"] = repr(error)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()

    async def _do(self, order: Order) -> object:
        match order["do"]:
            case "open":
                link = Link(order["link"], listens=order["listens"], target=order["target"], is_http=order["is_http"])
                self._links[link.name] = link
                return await link.open()
            case "worsen":
                return await self._link(order).worsen(order["fault"], Trouble(**order["trouble"]))
            case "touched":
                return self._link(order).weather.troubles[order["fault"]].touched
            case "mend":
                return await self._link(order).mend(order["fault"])
            case "reset":
                return self._link(order).break_all()
            case "lead":
                self._link(order).target = order["target"]
                return None
            case "connections":
                return self._link(order).connections_to(order["target"])
            case "pick":
                return self._pick(order)
            case "repeat":
                return await self._link(order).repeat(self._picked.pop(order["fault"]).raw)
            case unknown:
                raise KeyError(unknown)

    def _pick(self, order: Order) -> str | None:
        recorded = self._link(order).shelf.pick(order["age"])
        if recorded is None:
            return None
        self._picked[order["fault"]] = recorded
        return recorded.request_id

    def _link(self, order: Order) -> Link:
        return self._links[order["link"]]


if __name__ == "__main__":
    asyncio.run(Proxy().run())
