"""product_service holds each order's desired quantity: never less while it is live, exactly that in the quiet phase."""

from collections.abc import Iterator
from itertools import pairwise

from chaos.checker.rows import desired_quantity
from chaos.checker.run import Run
from chaos.checker.violation import Violation, violation
from chaos.history import OrdersSeen, ProductsSeen
from chaos.seen import OrderSeen, ReservationSeen


def at_any_time(run: Run) -> Iterator[Violation]:
    """
    No live order ever has fewer units held than its quantity. One whose revision is acknowledged has exactly those, at
    that revision: whatever is late is older than what product_service has stored.

    Three snapshots in turn show it without a transaction over both databases: an order that is the same before and
    after the reservations were read was the same in between, because its revision only grows.
    """
    rows: dict[int, OrderSeen] = {}
    numbers: dict[str, int] = {}
    reservations: dict[str, ReservationSeen] = {}
    candidates: set[int] = set()
    compared: ProductsSeen | None = None
    previous: OrdersSeen | None = None
    for sample in _in_turn(run):
        if isinstance(sample, ProductsSeen):
            for reservation in sample.reservations or ():
                reservations[reservation.id] = reservation
                if reservation.id in numbers:
                    candidates.add(numbers[reservation.id])
            for gone in sample.gone:
                reservations.pop(gone, None)
                candidates |= {numbers[gone]} if gone in numbers else set()
            compared = sample
            continue
        changed = {row.id: row for row in sample.rows or ()}
        if compared is not None and previous is not None:
            for number in candidates:
                row = rows[number]
                is_same = number not in changed or _state(changed[number]) == _state(row)
                wrong, message = _wrong(row, reservations.get(row.reservation_id))
                if is_same and wrong and number not in sample.gone:
                    yield _of(run, wrong, message, row, [previous, compared, sample])
            candidates = set()
        rows |= changed
        numbers |= {row.reservation_id: row.id for row in changed.values()}
        candidates |= changed.keys()
        for number in sample.gone:
            numbers.pop(rows.pop(number).reservation_id)
        candidates -= set(sample.gone)
        compared, previous = None, sample


def exactly_when_quiet(run: Run) -> Iterator[Violation]:
    """In each quiet phase, every reservation holds the desired quantity of its order, and none lacks an order."""
    for phase in run.phases_called("quiet"):
        rows, orders_seen = _orders_in(run, phase.began, phase.ended)
        reservations, products_seen = _reservations_in(run, phase.began, phase.ended)
        if orders_seen is None or products_seen is None:
            continue
        samples: list[OrdersSeen | ProductsSeen] = [orders_seen, products_seen]
        for row in rows.values():
            held = reservations[row.reservation_id].quantity if row.reservation_id in reservations else 0
            if held != desired_quantity(row):
                message = f"in the quiet phase, order {row.id} needs {desired_quantity(row)} units, and {held} are held"
                yield _of(run, "reserved-not-desired", message, row, samples)
        known = {row.reservation_id for row in rows.values()}
        for reservation in reservations.values():
            if reservation.id not in known and reservation.quantity:
                message = (
                    f"in the quiet phase, reservation {reservation.id} of {reservation.quantity} units has no order"
                )
                yield violation(
                    run, "reserved-not-desired", message, evidence=samples, about=(None, reservation.product_id)
                )


def _in_turn(run: Run) -> Iterator[OrdersSeen | ProductsSeen]:
    samples: list[OrdersSeen | ProductsSeen] = [sample for sample in run.orders_seen if sample.rows is not None]
    samples += [sample for sample in run.products_seen if sample.reservations is not None]
    samples.sort(key=lambda sample: sample.read_from)
    for before, after in pairwise(samples):
        if before.at > after.read_from:
            raise ValueError(f"The samples at {before.at} s and {after.at} s were not taken in turn.")
    return iter(samples)


def _wrong(row: OrderSeen, reservation: ReservationSeen | None) -> tuple[str, str]:
    """Return the invariant that a reservation breaks, and how; "" if it breaks none."""
    desired, held = desired_quantity(row), reservation.quantity if reservation else 0
    message = f"order {row.id} needs {desired} units, and {held} are held"
    if held < desired:
        return "reserved-below-desired", message
    is_acknowledged = row.revision == row.synced_revision and row.target_quantity is None and row.placement != "placing"
    if is_acknowledged and held != desired:
        return "reserved-not-desired", message
    if is_acknowledged and reservation and reservation.revision != row.revision:
        message = f"revision {row.revision} of order {row.id} is acknowledged, and {reservation.revision} is stored"
        return "revision-not-stored", message
    return "", ""


def _state(row: OrderSeen) -> tuple[int, int, str]:
    return row.revision, desired_quantity(row), row.placement


def _orders_in(run: Run, begin: float, end: float) -> tuple[dict[int, OrderSeen], OrdersSeen | None]:
    rows: dict[int, OrderSeen] = {}
    last = None
    for sample in run.orders_seen:
        if sample.rows is not None and sample.at <= end:
            rows |= {row.id: row for row in sample.rows}
            for gone in sample.gone:
                rows.pop(gone, None)
            last = sample
    return rows, last if last is not None and last.read_from >= begin else None


def _reservations_in(run: Run, begin: float, end: float) -> tuple[dict[str, ReservationSeen], ProductsSeen | None]:
    reservations: dict[str, ReservationSeen] = {}
    last = None
    for sample in run.products_seen:
        if sample.reservations is not None and sample.at <= end:
            reservations |= {reservation.id: reservation for reservation in sample.reservations}
            for gone in sample.gone:
                reservations.pop(gone, None)
            last = sample
    return reservations, last if last is not None and last.read_from >= begin else None


def _of(run: Run, name: str, message: str, row: OrderSeen, samples: "list[OrdersSeen | ProductsSeen]") -> Violation:
    attempts = [*run.requests_for(row.id), *(run.by_key.get((row.owner, row.key), []) if row.key else [])]
    shown = run.seen_of(row.id)[-1].sample
    return violation(run, name, message, evidence=[*samples, shown], related=attempts, about=(row.id, row.product_id))
