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
    """A running gateway and the stand-ins that it believes to be the services and their admins."""

    part: Part
    products: StandIn
    orders: StandIn
    product_admin: StandIn
    order_admin: StandIn
    public_port: int
    internal_port: int

    @property
    def public_url(self) -> str:
        return f"http://{LOOPBACK}:{self.public_port}"

    @property
    def internal_url(self) -> str:
        return f"http://{LOOPBACK}:{self.internal_port}"

    def received(self) -> list[dict[str, Any]]:
        """Everything that reached either service or its admin."""
        behind = (self.products, self.orders, self.product_admin, self.order_admin)
        return [request for each in behind for request in each.received]

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
        StandIn("product_admin", folder / "product_admin.sock") as product_admin,
        StandIn("order_admin", folder / "order_admin.sock") as order_admin,
    ):
        guard.remove(folder)
        ports = free_ports(2)
        part = gateway_part(
            folder=folder / "gateway",
            ports=ports,
            sockets={each.name: [each.socket_path] for each in (products, orders, product_admin, order_admin)},
            overrides=settings,
            log=folder / "gateway.log",
            guard=guard,
        )
        try:
            part.start()
            yield LoneGateway(part, products, orders, product_admin, order_admin, *ports)
        finally:
            part.stop()
