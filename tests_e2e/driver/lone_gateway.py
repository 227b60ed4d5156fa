"""The gateway with stand-ins behind it: what it does by itself, and exactly what it lets through."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from driver.stand_in import StandIn
from stack.gateway import gateway_part
from stack.guard import Guard
from stack.part import Part
from stack.ports import LOOPBACK, free_ports


@dataclass(frozen=True)
class LoneGateway:
    """A running gateway and the two stand-ins that it believes to be the services."""

    part: Part
    products: StandIn
    orders: StandIn
    public_port: int
    internal_port: int

    @property
    def public_url(self) -> str:
        return f"http://{LOOPBACK}:{self.public_port}"

    @property
    def internal_url(self) -> str:
        return f"http://{LOOPBACK}:{self.internal_port}"

    def received(self) -> list[dict[str, Any]]:
        """Everything that reached either service."""
        return [*self.products.received, *self.orders.received]

    def log_line(self, request_id: str) -> dict[str, Any]:
        """The access log's line about one request."""
        lines = [json.loads(line) for line in self.part.log.read_text().splitlines() if line.startswith("{")]
        return next(line for line in lines if line["request_id"] == request_id)


@contextmanager
def lone_gateway(**settings: str) -> Iterator[LoneGateway]:
    """
    Run a gateway without a shop.

    :param settings: of nginx/defaults.env, in place of the defaults.
    """
    folder = Path(tempfile.mkdtemp(prefix="gateway-"))
    with (
        Guard() as guard,
        StandIn("product_service", folder / "products.sock") as products,
        StandIn("order_service", folder / "orders.sock") as orders,
    ):
        guard.remove(folder)
        ports = free_ports(2)
        part = gateway_part(
            folder=folder / "gateway",
            ports=ports,
            sockets={"product_service": [products.socket_path], "order_service": [orders.socket_path]},
            overrides=settings,
            log=folder / "gateway.log",
            guard=guard,
        )
        try:
            part.start()
            yield LoneGateway(part, products, orders, *ports)
        finally:
            part.stop()
