"""The proxy as a process of its own: orders come as JSON lines on standard input, answers go to standard output."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from chaos.proxy.link import Link
from chaos.proxy.weather import Trouble

Order: TypeAlias = dict[str, Any]
Doing: TypeAlias = Mapping[str, Callable[[], Awaitable[object]]]


class Proxy:
    """All links of one shop."""

    def __init__(self) -> None:
        self._links: dict[str, Link] = {}
        self._picked: dict[int, bytes] = {}
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
        if order["do"] == "open":
            link = Link(order["link"], listens=order["listens"], target=order["target"], is_http=order["is_http"])
            self._links[link.name] = link
            await link.open()
            return link.name
        link = self._links[order["link"]]
        doing: Doing = {
            "worsen": lambda: link.worsen(order["fault"], Trouble(**order["trouble"])),
            "touched": lambda: at_once(link.weather.troubles[order["fault"]].touched),
            "mend": lambda: link.mend(order["fault"]),
            "reset": lambda: at_once(link.break_all()),
            "lead": lambda: at_once(link.lead(order["target"])),
            "connections": lambda: at_once(link.connections_to(order["target"])),
            "pick": lambda: at_once(self._pick(link, order)),
            "repeat": lambda: link.repeat(self._picked.pop(order["fault"])),
        }
        return await doing[order["do"]]()

    def _pick(self, link: Link, order: Order) -> str | None:
        recorded = link.shelf.pick(order["age"])
        if recorded is None:
            return None
        self._picked[order["fault"]] = recorded.raw
        return recorded.request_id


async def at_once(result: object) -> object:
    """Return what was known without waiting."""
    return result


if __name__ == "__main__":
    asyncio.run(Proxy().run())
