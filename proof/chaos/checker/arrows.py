"""An order moves along its arrows only: pending to shipped to delivered, or pending to canceled."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from chaos.checker.acknowledged import READING_ONE
from chaos.checker.rows import REACHABLE
from chaos.checker.run import Run
from chaos.checker.violation import Violation, violation
from chaos.history import Entry

PLACEMENTS = {"placing": {"placing", "live", "failed"}, "live": {"live"}, "failed": {"failed"}}
NEEDS = {"canceled": "cancel", "shipped": "ship", "delivered": "deliver"}
Seen = tuple[float, float, str, list[Entry]]  # from, to, status, lines


def along_arrows(run: Run) -> Iterator[Violation]:
    """Whatever was seen of an order before something else was seen of it can become that."""
    seen: dict[int, list[Seen]] = defaultdict(list)
    for operation in run.operations:
        if operation.invoke.kind in READING_ONE and operation.shown:
            said = operation.began, operation.returned, operation.shown.status, operation.entries
            seen[operation.shown.id].append(said)
        elif operation.invoke.kind == "list-orders" and operation.is_ok and operation.answer:
            for shown in operation.answer.orders:
                seen[shown.id].append((operation.began, operation.returned, shown.status, operation.entries))
    for number, sightings in run.sightings.items():
        for sighting in sightings:
            if sighting.row.placement == "live":
                sample = sighting.sample
                seen[number].append((sample.read_from, sample.at, sighting.row.status, [sample]))
    for number, sights in seen.items():
        wrong = _against(sights)
        if wrong:
            says = f"order {number} was {wrong[0][2]} and then {wrong[1][2]}"
            yield violation(
                run,
                "status-against-arrows",
                says,
                culprits=[*wrong[0][3], *wrong[1][3]],
                beside=run.asked_of(number),
                about=(number, None),
            )


def were_asked_for(run: Run) -> Iterator[Violation]:
    """No order is canceled, shipped or delivered without a request for that which was not refused."""
    for number, sightings in run.sightings.items():
        moves = {
            operation.invoke.kind
            for operation in run.asked_of(number)
            if not operation.is_without_effect and operation.began <= sightings[-1].sample.at
        }
        for sighting in sightings:
            if NEEDS.get(sighting.row.status, "place") not in moves | {"place"}:
                says = f"order {number} is {sighting.row.status}, and nobody asked for that"
                yield violation(
                    run,
                    "status-never-asked-for",
                    says,
                    culprits=[sighting.sample],
                    beside=run.asked_of(number),
                    about=(number, None),
                )
                break


def rows_only_advance(run: Run) -> Iterator[Violation]:
    """What was placed or failed stays so, and a revision never falls."""
    for number, sightings in run.sightings.items():
        for before, after in pairwise(sightings):
            if after.row.placement not in PLACEMENTS[before.row.placement]:
                says = f"order {number} was {before.row.placement} and then {after.row.placement}"
            elif after.row.revision < before.row.revision:
                says = f"order {number} had revision {before.row.revision} and then {after.row.revision}"
            else:
                continue
            yield violation(
                run,
                "status-against-arrows",
                says,
                culprits=[before.sample, after.sample],
                beside=run.asked_of(number),
                about=(number, None),
            )


def _against(sights: list[Seen]) -> tuple[Seen, Seen] | None:
    """Return two sights, the first over before the second began, that no arrow leads along."""
    if len({status for _, _, status, _ in sights}) == 1:
        return None
    by_end = sorted(sights, key=lambda sight: sight[1])
    floor: Seen | None = None
    position = 0
    for sight in sorted(sights, key=lambda sight: sight[0]):
        while position < len(by_end) and by_end[position][1] <= sight[0]:
            candidate = by_end[position]
            if floor is None or candidate[2] in REACHABLE[floor[2]]:
                floor = candidate
            elif floor[2] not in REACHABLE[candidate[2]]:
                return floor, candidate
            position += 1
        if floor is not None and sight[2] not in REACHABLE[floor[2]]:
            return floor, sight
    return None
