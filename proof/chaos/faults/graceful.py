"""Restarts parts as a deploy does: the gateway first moves to another instance and closes its old connections."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from chaos.links import INSTANCES
from chaos.shop import ShopUnderTest
from stack import services
from stack.errors import StackError
from stack.registry import SERVICES

RELEASES_WITHIN = 15.0  # seconds: an idle connection lives for two, one with a request for six
READY_WITHIN = 30.0
POLL_INTERVAL = 0.05


class Graceful:
    """Restarts without a pause (compose/README.md, "A deploy")."""

    def __init__(self, shop: ShopUnderTest) -> None:
        self._shop = shop

    def restarts(self, instances: Sequence[int]) -> Iterator[tuple[str, Callable[[], None]]]:
        """Yield the name of each part that has these instances, and what restarts it."""
        for service in SERVICES:
            for instance in instances:
                name = f"{service}-{instance}"
                other = f"{service}-{INSTANCES[0] + INSTANCES[1] - instance}"
                yield name, partial(self._replace, name, other)
        for instance in instances:
            name = f"reconciler-{instance}"
            yield name, self._shop.part(name).restart

    def _replace(self, name: str, other: str) -> None:
        link, own = f"gateway>{name}", self._shop.socket_of(name)
        self._shop.proxy.redirect(link, self._shop.socket_of(other))
        self._until(lambda: not self._shop.proxy.connections(link, own), RELEASES_WITHIN, f"{name} is still in use.")
        part = self._shop.part(name)
        part.restart()
        self._until(lambda: services.answers_ready(own), READY_WITHIN, f"{name} is not ready.")
        self._shop.proxy.redirect(link, own)

    def _until(self, is_so: Callable[[], bool], within: float, otherwise: str) -> None:
        deadline = time.monotonic() + within
        while not is_so():
            if time.monotonic() > deadline:
                raise StackError(otherwise)
            time.sleep(POLL_INTERVAL)
