"""Orders make allowed transitions only: pending to shipped to delivered, or pending to canceled."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from chaos.checker.acknowledged import OF_ONE_ORDER
from chaos.checker.rows import REACHABLE
from chaos.checker.run import Run
from chaos.checker.violation import Violation, violation
from chaos.history import Entry

PLACEMENTS = {"placing": {"placing", "live", "failed"}, "live": {"live"}, "failed": {"failed"}}
NEEDS = {"canceled": "cancel", "shipped": "ship", "delivered": "deliver"}
Observation = tuple[float, float, str, list[Entry]]  # from, to, status, lines


def are_allowed(run: Run) -> Iterator[Violation]:
    """Of two statuses of an order that were seen one after the other, the second is reachable from the first."""
    seen: dict[int, list[Observation]] = defaultdict(list)
    for operation in run.operations:
        if operation.invoke.kind in OF_ONE_ORDER and operation.shown:
            observed = operation.began, operation.returned, operation.shown.status, operation.entries
            seen[operation.shown.id].append(observed)
        elif operation.invoke.kind == "list-orders" and operation.is_ok and operation.answer:
            for shown in operation.answer.orders:
                seen[shown.id].append((operation.began, operation.returned, shown.status, operation.entries))
    for number, sightings in run.sightings.items():
        for sighting in sightings:
            if sighting.row.placement == "live":
                sample = sighting.sample
                seen[number].append((sample.read_from, sample.at, sighting.row.status, [sample]))
    for number, observations in seen.items():
        wrong = _forbidden(observations)
        if wrong:
            message = f"order {number} was {wrong[0][2]} and then {wrong[1][2]}"
            yield violation(
                run,
                "transition-not-allowed",
                message,
                evidence=[*wrong[0][3], *wrong[1][3]],
                related=run.requests_for(number),
                about=(number, None),
            )


def were_requested(run: Run) -> Iterator[Violation]:
    """Every order that is canceled, shipped or delivered has a request for it that was not refused."""
    for number, sightings in run.sightings.items():
        moves = {
            operation.invoke.kind
            for operation in run.requests_for(number)
            if not operation.is_without_effect and operation.began <= sightings[-1].sample.at
        }
        for sighting in sightings:
            if NEEDS.get(sighting.row.status, "place") not in moves | {"place"}:
                message = f"order {number} is {sighting.row.status}, without a request for it"
                yield violation(
                    run,
                    "status-never-requested",
                    message,
                    evidence=[sighting.sample],
                    related=run.requests_for(number),
                    about=(number, None),
                )
                break


def rows_only_advance(run: Run) -> Iterator[Violation]:
    """A placed or failed order stays so, and a revision never decreases."""
    for number, sightings in run.sightings.items():
        for before, after in pairwise(sightings):
            if after.row.placement not in PLACEMENTS[before.row.placement]:
                message = f"order {number} was {before.row.placement} and then {after.row.placement}"
            elif after.row.revision < before.row.revision:
                message = f"order {number} had revision {before.row.revision} and then {after.row.revision}"
            else:
                continue
            yield violation(
                run,
                "transition-not-allowed",
                message,
                evidence=[before.sample, after.sample],
                related=run.requests_for(number),
                about=(number, None),
            )


def _forbidden(observations: list[Observation]) -> tuple[Observation, Observation] | None:
    """Return two observations, one entirely before the other, with no allowed transition between them."""
    if len({status for _, _, status, _ in observations}) == 1:
        return None
    by_end = sorted(observations, key=lambda one: one[1])
    floor: Observation | None = None
    position = 0
    for one in sorted(observations, key=lambda one: one[0]):
        while position < len(by_end) and by_end[position][1] <= one[0]:
            candidate = by_end[position]
            if floor is None or candidate[2] in REACHABLE[floor[2]]:
                floor = candidate
            elif floor[2] not in REACHABLE[candidate[2]]:
                return floor, candidate
            position += 1
        if floor is not None and one[2] not in REACHABLE[floor[2]]:
            return floor, one
    return None
