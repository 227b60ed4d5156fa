"""What answers, the databases and the follower show: the contents of the lines of chaos.history."""

import msgspec


class OrderShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An order as an answer shows it."""

    id: int
    product_id: int
    product_name: str
    unit_price: str
    quantity: int
    total_price: str
    status: str


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    status: int
    problem: str | None = None  # the slug: "order-not-placed"
    wrong: str = ""  # how it differs from the documents (chaos.shapes.wrong), "" if it does not
    fingerprint: str = ""  # chaos.journal.fingerprint of the whole body
    replayed: bool = False  # Idempotent-Replayed: true
    retry_after: float | None = None
    orders: list[OrderShown] = []  # one, or those of a page


class OrderSeen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row of order_service."""

    id: int
    owner: str
    key: str | None
    product_id: int
    product_name: str
    unit_price: str | None
    quantity: int
    placed_quantity: int
    status: str
    placement: str  # placing, live, failed
    failure: str
    reservation_id: str
    revision: int
    synced_revision: int
    target_quantity: int | None
    created_at: float  # wall


class ReservationSeen(msgspec.Struct, frozen=True, kw_only=True):
    """One row of product_service."""

    id: str  # as OrderSeen.reservation_id: 36 characters with hyphens
    product_id: int
    quantity: int
    revision: int


class ProductSeen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    id: int
    name: str
    price: str
    stock: int
    held: int = 0  # sum of reservation.quantity
    adjusted: int  # sum of all adjustments; in Start, the stock at its creation
    reservations: int = 0  # rows


class EventApplied(msgspec.Struct, frozen=True, kw_only=True):
    """An event of the feed that the follower has applied, in the order in which it did."""

    position: str
    order_id: int
    kind: str  # placed, quantity-changed, canceled, shipped, delivered, expired
    status: str  # after it
    quantity: int
    made: float  # wall, by the clock of the database
    at: float  # wall
