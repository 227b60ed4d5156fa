"""The gateway with stand-ins in place of the services, to test what it does and what it passes on."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from driver.stand_in import StandIn
from stack.gateway import gateway_part
from stack.guard import Guard
from stack.part import Part
from stack.ports import LOOPBACK, free_ports
from stack.registry import REGISTRY


@dataclass(frozen=True)
class LoneGateway:
    """A running gateway, with stand-ins in place of the services and their admins."""

    part: Part
    behind: Mapping[str, StandIn]
    public_port: int
    internal_port: int

    @property
    def public_url(self) -> str:
        return f"http://{LOOPBACK}:{self.public_port}"

    @property
    def internal_url(self) -> str:
        return f"http://{LOOPBACK}:{self.internal_port}"

    @property
    def products(self) -> StandIn:
        return self.behind["product_service"]

    @property
    def orders(self) -> StandIn:
        return self.behind["order_service"]

    def received(self) -> list[dict[str, Any]]:
        """Everything that reached a service or its admin."""
        return [request for each in self.behind.values() for request in each.received]

    def log_line(self, request_id: str) -> dict[str, Any]:
        """The access log's line about one request."""
        return next(line for line in self.log_lines() if line["request_id"] == request_id)

    def log_lines(self) -> list[dict[str, Any]]:
        """The access log."""
        return [json.loads(line) for line in self.part.log.read_text().splitlines() if line.startswith("{")]


@contextmanager
def lone_gateway(**settings: str) -> Iterator[LoneGateway]:
    """
    Run a gateway without a shop.

    :param settings: of nginx/defaults.env, in place of the defaults.
    """
    folder = Path(tempfile.mkdtemp(prefix="gateway-"))
    names = [*REGISTRY, *(entry.admin.process for entry in REGISTRY.values() if entry.admin)]
    with Guard() as guard, ExitStack() as open_things:
        behind = {name: open_things.enter_context(StandIn(name, folder / f"{name}.sock")) for name in names}
        guard.remove(folder)
        ports = free_ports(2)
        part = gateway_part(
            folder=folder / "gateway",
            ports=ports,
            sockets={name: [each.socket_path] for name, each in behind.items()},
            overrides=settings,
            log=folder / "gateway.log",
            guard=guard,
        )
        try:
            part.start()
            yield LoneGateway(part, behind, *ports)
        finally:
            part.stop()
