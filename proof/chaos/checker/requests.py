"""Every order has a request that may have created it; an attempt that got `order-not-placed` never becomes an order."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from chaos.checker.operation import Operation
from chaos.checker.run import Run
from chaos.checker.violation import Violation, violation
from chaos.seen import OrderSeen

TICK = 0.01  # seconds that two readings of one clock may differ by rounding


def requested(run: Run) -> Iterator[Violation]:
    """
    Every live row was created while a matching request was in progress that was not refused.

    A row's `created_at` shows which attempt created it: the same key may have been refused before, or after.
    """
    keyless: dict[tuple[str, int, int], list[Operation]] = defaultdict(list)
    for place in run.places:
        if place.invoke.key is None:
            keyless[place.invoke.owner, place.invoke.product_id or 0, place.invoke.quantity or 0].append(place)
    allowed = {what: sum(not place.is_without_effect for place in attempts) for what, attempts in keyless.items()}
    made: Counter[tuple[str, int, int]] = Counter()
    for number, sightings in run.sightings.items():
        sighting = next((one for one in sightings if one.row.placement == "live"), None)
        if sighting is None:
            continue
        row = sighting.row
        wanted = row.owner, row.product_id, row.placed_quantity
        attempts = keyless.get(wanted, []) if row.key is None else run.by_key.get((row.owner, row.key), [])
        attempts = [place for place in attempts if (place.invoke.product_id, place.invoke.quantity) == wanted[1:]]
        made[wanted] += row.key is None
        too_many = made[wanted] > allowed.get(wanted, 0)
        if too_many or not _may_have_made(run, row, attempts):
            refused = [place for place in attempts if place.is_without_effect]
            name = "not-placed-became-order" if refused else "order-without-request"
            message = f"order {number} is live, and " + (
                "was refused" if refused else f"{row.owner} never requested {row.placed_quantity} of {row.product_id}"
            )
            evidence = [sighting.sample, *(entry for place in refused for entry in place.entries)]
            yield violation(run, name, message, evidence=evidence, related=attempts, about=(number, None))


def _may_have_made(run: Run, row: OrderSeen, attempts: list[Operation]) -> bool:
    created = row.created_at - run.wall_offset
    return any(
        place.began - TICK <= created <= place.settled + TICK for place in attempts if not place.is_without_effect
    )
