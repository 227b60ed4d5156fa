"""No key has two orders, and a used key answers one body only, always in the same way, for as long as it is kept."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from chaos.checker.operation import SAVED_REFUSALS, Operation
from chaos.checker.run import Owned, Run, Sighting
from chaos.checker.violation import Violation, entries_of, violation
from chaos.history import OrdersSeen


def one_order_a_key(run: Run) -> Iterator[Violation]:
    """All answers 201 to one key of one owner name one order, and no two live rows have one key."""
    for (owner, key), attempts in run.by_key.items():
        orders = {attempt.shown.id: attempt for attempt in attempts if attempt.shown}
        if len(orders) > 1:
            message = f"key {key} of {owner} has the orders {', '.join(map(str, orders))}"
            yield violation(run, "key-with-two-orders", message, evidence=entries_of(orders.values()), related=attempts)
    live: dict[Owned, dict[int, Sighting]] = defaultdict(dict)
    for sample in run.orders_seen:
        for row in sample.rows or ():
            if row.key is not None and row.placement == "live":
                same = live[row.owner, row.key]
                if same and row.id not in same:
                    message = f"key {row.key} of {row.owner} has the orders {', '.join(map(str, [*same, row.id]))}"
                    attempts = run.by_key.get((row.owner, row.key), [])
                    yield violation(
                        run,
                        "key-with-two-orders",
                        message,
                        evidence=[*(sighting.sample for sighting in same.values()), sample],
                        related=attempts,
                        about=(row.id, None),
                    )
                same.setdefault(row.id, Sighting(sample, row))


def one_body_a_key(run: Run) -> Iterator[Violation]:
    """Once a key has an outcome, a request with this key and another body is refused."""
    for (owner, key), attempts in run.by_key.items():
        by_body = {attempt.invoke.body: attempt for attempt in attempts if is_saved(attempt)}
        if len(by_body) > 1:
            message = f"key {key} of {owner} was answered for two bodies"
            yield violation(run, "key-answered-for-another-body", message, evidence=entries_of(by_body.values()))


def replays_are_equal(run: Run) -> Iterator[Violation]:
    """Every saved answer is repeated byte for byte, and marked as a replay."""
    for (owner, key), attempts in run.by_key.items():
        saved = sorted((attempt for attempt in attempts if is_saved(attempt)), key=lambda attempt: attempt.returned)
        for again in saved[1:]:
            first = saved[0]
            if again.invoke.body != first.invoke.body or again.answer is None or first.answer is None:
                continue
            is_later = again.began >= first.returned
            if again.answer.fingerprint != first.answer.fingerprint or again.answer.status != first.answer.status:
                message = f"key {key} of {owner} got two different answers"
            elif is_later and not again.answer.replayed:
                message = f"key {key} of {owner} got its answer again without the mark of a replay"
            else:
                continue
            yield violation(run, "replay-differs", message, evidence=[*first.entries, *again.entries], related=attempts)


def are_kept(run: Run) -> Iterator[Violation]:
    """No row loses its key, and no saved refusal is deleted: a key is forgotten after 72 hours, which no run takes."""
    for sightings in run.sightings.values():
        for before, after in pairwise(sightings):
            if before.row.key is not None and after.row.key is None:
                yield _forgotten(run, before, after.sample)
    for sample in run.orders_seen:
        for number in sample.gone:
            last = run.seen_of(number)[-1]
            if last.row.key is not None and last.row.failure not in {"", "aborted"}:
                yield _forgotten(run, last, sample)


def _forgotten(run: Run, before: Sighting, sample: OrdersSeen) -> Violation:
    row = before.row
    message = f"key {row.key} of {row.owner} was forgotten {sample.at - before.sample.at:.1f} s after it was seen"
    attempts = run.by_key.get((row.owner, row.key or ""), [])
    evidence = [before.sample, sample]
    return violation(run, "key-forgotten-early", message, evidence=evidence, related=attempts, about=(row.id, None))


def is_saved(attempt: Operation) -> bool:
    """Whether its key returns this answer from then on."""
    return attempt.is_ok or attempt.problem in SAVED_REFUSALS
