"""The proxy as a process of its own: JSON lines are commands on standard input, and answers on standard output."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from chaos.proxy.fault_set import LinkFault
from chaos.proxy.link import Link

Command: TypeAlias = dict[str, Any]
Handlers: TypeAlias = Mapping[str, Callable[[], Awaitable[object]]]


class Proxy:
    """All links of one shop."""

    def __init__(self) -> None:
        self._links: dict[str, Link] = {}
        self._picked: dict[int, bytes] = {}
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Execute commands until standard input closes, as it does when the parent process ends in any way."""
        loop = asyncio.get_running_loop()
        commands = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
        while line := await commands.readline():
            task = loop.create_task(self._execute(json.loads(line)))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _execute(self, command: Command) -> None:
        answer: Command = {"number": command["number"]}
        try:
            answer["result"] = await self._handle(command)
        except (OSError, KeyError, TimeoutError) as error:
            answer["error"] = repr(error)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()

    async def _handle(self, command: Command) -> object:
        if command["command"] == "open":
            link = Link(
                command["link"], listens=command["listens"], target=command["target"], is_http=command["is_http"]
            )
            self._links[link.name] = link
            await link.open()
            return link.name
        link = self._links[command["link"]]
        handlers: Handlers = {
            "add_fault": lambda: link.add_fault(command["fault"], LinkFault(**command["details"])),
            "touched": lambda: at_once(link.faults.by_number[command["fault"]].touched),
            "remove_fault": lambda: link.remove_fault(command["fault"]),
            "reset": lambda: at_once(link.break_all()),
            "redirect": lambda: at_once(link.redirect(command["target"])),
            "connections": lambda: at_once(link.connections_to(command["target"])),
            "pick": lambda: at_once(self._pick(link, command)),
            "repeat": lambda: link.repeat(self._picked.pop(command["fault"])),
        }
        return await handlers[command["command"]]()

    def _pick(self, link: Link, command: Command) -> str | None:
        recorded = link.recent.pick(command["age"])
        if recorded is None:
            return None
        self._picked[command["fault"]] = recorded.raw
        return recorded.request_id


async def at_once(result: object) -> object:
    """Return a result that needs no waiting."""
    return result


if __name__ == "__main__":
    asyncio.run(Proxy().run())
