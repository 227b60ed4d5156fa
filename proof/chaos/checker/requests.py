"""No order without a request that may have made it; what was answered `order-not-placed` never becomes one."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from chaos.checker.operation import Operation
from chaos.checker.run import Run
from chaos.checker.violation import Violation, violation
from chaos.history import OrderSeen

TICK = 0.01  # seconds that two readings of one clock may differ by rounding


def requested(run: Run) -> Iterator[Violation]:
    """
    Every live row was made while a request for just this was under way that was not refused.

    A row's `created_at` says which attempt made it: the same key may have been refused before, or after.
    """
    keyless: dict[tuple[str, int, int], list[Operation]] = defaultdict(list)
    for place in run.places:
        if place.invoke.key is None:
            keyless[place.invoke.owner, place.invoke.product_id or 0, place.invoke.quantity or 0].append(place)
    allowed = {what: sum(not place.is_without_effect for place in asked) for what, asked in keyless.items()}
    made: Counter[tuple[str, int, int]] = Counter()
    for number, sightings in run.sightings.items():
        sighting = next((one for one in sightings if one.row.placement == "live"), None)
        if sighting is None:
            continue
        row = sighting.row
        wanted = row.owner, row.product_id, row.placed_quantity
        asked = keyless.get(wanted, []) if row.key is None else run.by_key.get((row.owner, row.key), [])
        asked = [place for place in asked if (place.invoke.product_id, place.invoke.quantity) == wanted[1:]]
        made[wanted] += row.key is None
        too_many = made[wanted] > allowed.get(wanted, 0)
        if too_many or not _may_have_made(run, row, asked):
            refused = [place for place in asked if place.is_without_effect]
            name = "not-placed-became-order" if refused else "order-without-request"
            says = f"order {number} is live, and " + (
                "was refused" if refused else f"{row.owner} never asked for {row.placed_quantity} of {row.product_id}"
            )
            culprits = [sighting.sample, *(entry for place in refused for entry in place.entries)]
            yield violation(run, name, says, culprits=culprits, beside=asked, about=(number, None))


def _may_have_made(run: Run, row: OrderSeen, asked: list[Operation]) -> bool:
    created = row.created_at - run.wall_offset
    return any(place.began - TICK <= created <= place.settled + TICK for place in asked if not place.is_without_effect)
