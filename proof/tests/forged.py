"""Writes histories of runs that never took place, to test the checker."""

from collections.abc import Mapping
from typing import Any

from chaos.checker.check import check
from chaos.checker.violation import Violation
from chaos.history import (
    End,
    Entry,
    EventsSeen,
    FaultBegin,
    FaultEnd,
    FaultKind,
    Info,
    Invoke,
    Kind,
    Memory,
    OrdersSeen,
    PhaseBegin,
    PhaseEnd,
    PhaseName,
    ProductsSeen,
    Start,
)
from chaos.journal import Now, conclude
from chaos.seen import Answer, EventApplied, OrderSeen, OrderShown, ProductSeen, ReservationSeen

LAMP = ProductSeen(id=1, name="Desk lamp", price="19.90", stock=10, adjusted=10)
BEGAN = 1_800_000_000.0  # the wall time of every forged run's beginning
TAKES = 0.1  # seconds, every request and every sample


class Forged:
    """A history under construction, with one product of which there are ten at first. A time is a line's beginning."""

    def __init__(self) -> None:
        self.entries: list[Entry] = [
            Start(at=0.0, wall=BEGAN, seed=1, commit="0000000", database="postgresql", command="none", products=[LAMP])
        ]
        self._number = 0
        self._synced: dict[int, int] = {}  # the revisions that product_service has acknowledged

    def violations(self) -> list[Violation]:
        return check(self.entries)

    def broken(self) -> set[str]:
        """The invariants that the checker finds broken."""
        return {violation.invariant for violation in self.violations()}

    # ---- requests ----

    def request(self, at: float, kind: Kind, answer: Answer | None, *, takes: float = TAKES, **about: Any) -> int:  # noqa: ANN401 - fields of an Invoke
        """Forge a request and its answer; without one, its client never got any. Return its number."""
        self._number += 1
        fields: dict[str, Any] = {"process": "customer-1", "owner": "alice", "body": "b0d1", "deadline": 10.0, **about}
        self.entries.append(Invoke(at=at, wall=BEGAN + at, op=self._number, kind=kind, **fields))
        done = Now(at + takes, BEGAN + at + takes)
        if answer is None:
            self.entries.append(Info(at=done.at, wall=done.wall, op=self._number, error="ReadTimeout"))
        else:
            self.entries.append(conclude(self._number, answer, done))
        return self._number

    def place(
        self,
        at: float,
        answer: Answer | None,
        *,
        quantity: int = 2,
        key: str | None = "k1",
        **about: Any,  # noqa: ANN401 - fields of an Invoke
    ) -> int:
        return self.request(at, "place", answer, product_id=LAMP.id, quantity=quantity, key=key, **about)

    def change(self, at: float, quantity: int, *, order_id: int = 1) -> int:
        answer = ok(shown(order_id, quantity=quantity), status=200)
        return self.request(at, "change", answer, order_id=order_id, quantity=quantity)

    def move(self, at: float, kind: Kind, status: str, *, order_id: int = 1, quantity: int = 2) -> int:
        answer = ok(shown(order_id, status=status, quantity=quantity), status=200)
        return self.request(at, kind, answer, order_id=order_id)

    # ---- samples ----

    def orders(self, at: float, *rows: OrderSeen, gone: tuple[int, ...] = ()) -> None:
        live = sum(row.placement == "live" for row in rows)
        self._synced |= {row.id: row.synced_revision for row in rows}
        self.entries.append(
            OrdersSeen(
                at=at + TAKES,
                wall=BEGAN + at + TAKES,
                read_from=at,
                live=live,
                placing=len(rows) - live,
                undecided=0,
                rows=list(rows),
                gone=list(gone),
            )
        )

    def products(
        self, at: float, reserved: Mapping[int, int], *, adjusted: int = 10, revision: int | None = None, **totals: int
    ) -> None:
        """
        Forge a sample of product_service.

        :param reserved: the units held, by order.
        :param revision: of the reservations; without it, the one that each order shows as acknowledged.
        :param totals: what the totals say instead of what is consistent.
        """
        total = sum(reserved.values())
        seen = {"stock": adjusted - total, "held": total, **totals}
        self.entries.append(
            ProductsSeen(
                at=at + TAKES,
                wall=BEGAN + at + TAKES,
                read_from=at,
                products=[ProductSeen(id=LAMP.id, name=LAMP.name, price=LAMP.price, adjusted=adjusted, **seen)],
                reservations=[
                    ReservationSeen(
                        id=f"reservation-{number}",
                        product_id=LAMP.id,
                        quantity=quantity,
                        revision=self._synced.get(number, 1) if revision is None else revision,
                    )
                    for number, quantity in reserved.items()
                ],
            )
        )

    def events(self, at: float, *events: EventApplied) -> None:
        self.entries.append(EventsSeen(at=at + TAKES, wall=BEGAN + at + TAKES, read_from=at, events=list(events)))

    def memory(self, at: float, kib: int) -> None:
        self.entries.append(Memory(at=at, wall=BEGAN + at, part="order_service/worker", pid=77, kib=kib))

    # ---- what was done to the shop ----

    def fault(self, begin: float, end: float, kind: FaultKind, target: str) -> None:
        self._number += 1
        self.entries.append(FaultBegin(at=begin, wall=BEGAN + begin, fault=self._number, kind=kind, target=target))
        self.entries.append(FaultEnd(at=end, wall=BEGAN + end, fault=self._number))

    def phase(self, begin: float, end: float, name: PhaseName, target: str = "") -> None:
        self._number += 1
        self.entries.append(PhaseBegin(at=begin, wall=BEGAN + begin, phase=self._number, name=name, target=target))
        self.entries.append(PhaseEnd(at=end, wall=BEGAN + end, phase=self._number))

    def end(self, at: float) -> None:
        self.entries.append(End(at=at, wall=BEGAN + at))


def shown(
    number: int = 1,
    *,
    quantity: int = 2,
    status: str = "pending",
    **values: Any,  # noqa: ANN401 - fields of an OrderShown
) -> OrderShown:
    """An order as an answer shows it."""
    price = values.get("unit_price", LAMP.price)
    total = f"{round(float(price) * quantity, 2):.2f}"
    fields = {"product_id": LAMP.id, "product_name": LAMP.name, "unit_price": price, "total_price": total, **values}
    return OrderShown(id=number, quantity=quantity, status=status, **fields)


def applied(
    kind: str, *, quantity: int, status: str = "pending", position: str | None = None, order_id: int = 1
) -> EventApplied:
    """An event that the follower applied. Without a position, its own one is made of its kind."""
    return EventApplied(
        position=position or f"{order_id}-{kind}-{quantity}",
        order_id=order_id,
        kind=kind,
        status=status,
        quantity=quantity,
        made=BEGAN,
        at=BEGAN,
    )


def ok(order: OrderShown | None = None, *, status: int = 201, replayed: bool = False, body: str = "f00d") -> Answer:
    return Answer(status=status, fingerprint=body, replayed=replayed, orders=[order] if order else [])


def refused(problem: str, status: int, *, replayed: bool = False, body: str = "dead") -> Answer:
    return Answer(status=status, problem=problem, fingerprint=body, replayed=replayed)


def row(
    number: int = 1,
    *,
    at: float,
    quantity: int = 2,
    **values: Any,  # noqa: ANN401 - fields of an OrderSeen
) -> OrderSeen:
    """
    A row of order_service.

    :param at: when it was made, in seconds of the run.
    """
    fields: dict[str, Any] = {
        "owner": "alice",
        "key": "k1",
        "product_id": LAMP.id,
        "product_name": LAMP.name,
        "unit_price": LAMP.price,
        "placed_quantity": quantity,
        "status": "pending",
        "placement": "live",
        "failure": "",
        "reservation_id": f"reservation-{number}",
        "revision": 1,
        "synced_revision": 1,
        "target_quantity": None,
        **values,
    }
    return OrderSeen(id=number, quantity=quantity, created_at=BEGAN + at, **fields)
