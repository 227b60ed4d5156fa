"""Replaces parts as a deploy does: the gateway is turned to another copy first, and lets go of the old one."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from chaos.links import COPIES
from chaos.shop import ShopUnderTest
from stack import services
from stack.errors import StackError
from stack.registry import SERVICES

LETS_GO_WITHIN = 15.0  # seconds: an idle connection lives for two, one with a request for six
READY_WITHIN = 30.0
LOOK = 0.05


class Graceful:
    """Restarts without a pause (compose/README.md, "A deploy")."""

    def __init__(self, shop: ShopUnderTest) -> None:
        self._shop = shop

    def restarts(self, copies: Sequence[int]) -> Iterator[tuple[str, Callable[[], None]]]:
        """Yield the name of each part that has these copies, and what restarts it."""
        for service in SERVICES:
            for copy in copies:
                name = f"{service}-{copy}"
                other = f"{service}-{COPIES[0] + COPIES[1] - copy}"
                yield name, partial(self._replace, name, other)
        for copy in copies:
            name = f"reconciler-{copy}"
            yield name, self._shop.part(name).restart

    def _replace(self, name: str, other: str) -> None:
        link, own = f"gateway>{name}", self._shop.socket_of(name)
        self._shop.proxy.lead(link, self._shop.socket_of(other))
        self._until(lambda: not self._shop.proxy.connections(link, own), LETS_GO_WITHIN, f"{name} is still in use.")
        part = self._shop.part(name)
        part.restart()
        self._until(lambda: services.answers_ready(own), READY_WITHIN, f"{name} is not ready.")
        self._shop.proxy.lead(link, own)

    def _until(self, is_so: Callable[[], bool], within: float, otherwise: str) -> None:
        deadline = time.monotonic() + within
        while not is_so():
            if time.monotonic() > deadline:
                raise StackError(otherwise)
            time.sleep(LOOK)
