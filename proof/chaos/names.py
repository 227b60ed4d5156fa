"""The names of the shop's parts, and of one of its customers, in the history."""

GREEDY = "greedy"  # the customer with very many connections

NAMES = {
    "gateway": "gateway",
    "order_service": "order_service",
    "product_service": "product_service",
    "reconciler": "order_service/reconciler",
    "follower": "follower",
    "order_service-database": "order_service/database",
    "product_service-database": "product_service/database",
}


def part_target(part: str, *, worker: bool = False) -> str:
    """Return the name that both instances of a part share: `order_service-2` is `order_service`."""
    name = NAMES[part] if part in NAMES else NAMES[part.rpartition("-")[0]]
    return f"{name}/worker" if worker else name
