"""The history's samples of rows: orders, and products with their reservations."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from chaos.history import OrdersSeen, ProductsSeen
from chaos.journal import Clock
from chaos.sampling.databases import Database, Row
from chaos.seen import OrderSeen, ProductSeen, ReservationSeen

ORDER = (
    "id, owner, idempotency_key, product_id, product_name, unit_price, quantity, placed_quantity, status, placement,"
    " failure, reservation_id, revision, synced_revision, target_quantity, created_at"
)
ORDER_IDS = "SELECT id FROM orders_order"
RESERVATION_IDS = "SELECT id FROM inventory_reservation"
TOTALS = "SELECT placement, COUNT(*) FROM orders_order GROUP BY placement"
PRODUCTS = """
SELECT p.id, p.name, p.price, p.stock_quantity, COALESCE(r.held, 0), COALESCE(a.adjusted, 0), COALESCE(r.number, 0)
FROM products_product p
LEFT JOIN (SELECT product_id, SUM(quantity) AS held, COUNT(*) AS number FROM inventory_reservation GROUP BY 1) r
  ON r.product_id = p.id
LEFT JOIN (SELECT product_id, SUM(delta) AS adjusted FROM inventory_stockadjustment GROUP BY 1) a
  ON a.product_id = p.id
ORDER BY p.id
"""


class OrderRows:
    """Samples order_service's rows, and remembers since when each of them has been undecided or unsynced."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._undecided: dict[int, float] = {}  # by order, since when it is undecided; by the run's clock
        self._unsynced: dict[tuple[int, int], float] = {}  # by order and revision
        self._known: set[int] = set()

    def sample(self) -> OrdersSeen:
        """:raises UnreadableError: if the database does not answer. The next sample has the changes then."""
        read_from = self._clock.now()
        with self._database.snapshot() as snapshot:
            rows = [_order(row) for row in snapshot.changed(ORDER, "orders_order")]
            totals: dict[str, int] = dict(snapshot.rows(TOTALS))
            known = self._known | {row.id for row in rows}
            ids = known if sum(totals.values()) == len(known) else {row[0] for row in snapshot.rows(ORDER_IDS)}
        now = self._clock.now()
        gone = known - ids
        self._known = known - gone
        for row in rows:
            self._keep(row, read_from.at)
        return OrdersSeen(
            at=now.at,
            wall=now.wall,
            read_from=read_from.at,
            live=totals.get("live", 0),
            placing=totals.get("placing", 0),
            undecided=len(self._undecided),
            undecided_age=_age(self._undecided, now.at),
            unsynced=len(self._unsynced),
            unsynced_age=_age(self._unsynced, now.at),
            rows=rows,
            gone=sorted(gone),
        )

    def unresolved_older_than(self, at: float) -> int:
        """Return how many orders have been undecided or unsynced since before this moment of the run's clock."""
        return sum(since <= at for since in [*self._undecided.values(), *self._unsynced.values()])

    def _keep(self, row: OrderSeen, at: float) -> None:
        if row.placement == "placing" or row.target_quantity is not None:
            self._undecided.setdefault(row.id, at)
        else:
            self._undecided.pop(row.id, None)
        for key in [key for key in self._unsynced if key[0] == row.id and key[1] != row.revision]:
            del self._unsynced[key]
        if row.synced_revision == row.revision:
            self._unsynced.pop((row.id, row.revision), None)
        else:
            self._unsynced.setdefault((row.id, row.revision), at)

    def close(self) -> None:
        self._database.close()


class ProductRows:
    """Samples product_service's rows."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._known: set[str] = set()

    def sample(self) -> ProductsSeen:
        """:raises UnreadableError: if the database does not answer. The next sample has the changes then."""
        read_from = self._clock.now()
        with self._database.snapshot() as snapshot:
            products = [_product(row) for row in snapshot.rows(PRODUCTS)]
            rows = snapshot.changed("id, product_id, quantity, revision", "inventory_reservation")
            known = self._known | {_uuid(row[0]) for row in rows}
            ((total,),) = snapshot.rows("SELECT COUNT(*) FROM inventory_reservation")
            ids = known if total == len(known) else {_uuid(row[0]) for row in snapshot.rows(RESERVATION_IDS)}
        now = self._clock.now()
        gone = known - ids
        self._known = known - gone
        return ProductsSeen(
            at=now.at,
            wall=now.wall,
            read_from=read_from.at,
            products=products,
            reservations=[
                ReservationSeen(id=_uuid(row[0]), product_id=row[1], quantity=row[2], revision=row[3]) for row in rows
            ],
            gone=sorted(gone),
        )

    def close(self) -> None:
        self._database.close()


def _age(since: Mapping[Any, float], at: float) -> float:
    return round(at - min(since.values(), default=at), 3)


def _order(row: Row) -> OrderSeen:
    values: dict[str, Any] = dict(zip(NAMES, row, strict=True))
    price, created = values["unit_price"], values.pop("created_at")
    return OrderSeen(
        **{
            **values,
            "unit_price": None if price is None else _money(price),
            "reservation_id": _uuid(values["reservation_id"]),
        },
        created_at=_wall(created),
    )


def _product(row: Row) -> ProductSeen:
    product_id, name, price, stock, held, adjusted, reservations = row
    return ProductSeen(
        id=product_id,
        name=name,
        price=_money(price),
        stock=stock,
        held=int(held),
        adjusted=int(adjusted),
        reservations=reservations,
    )


def _uuid(value: object) -> str:
    """Return the id of a reservation as 36 characters; SQLite keeps it without hyphens."""
    return str(UUID(str(value)))


def _money(value: object) -> str:
    return str(Decimal(str(value)).quantize(Decimal("0.01")))


def _wall(value: object) -> float:
    if isinstance(value, datetime):
        return value.timestamp()
    return datetime.fromisoformat(str(value)).replace(tzinfo=UTC).timestamp()


NAMES: Sequence[str] = ["key" if name == "idempotency_key" else name for name in ORDER.split(", ")]
