"""No key has two orders, and a used key answers one body only, always in the same way."""

from collections import defaultdict
from collections.abc import Iterator

from chaos.checker.operation import SAVED_REFUSALS, Operation
from chaos.checker.run import Owned, Run, Sighting
from chaos.checker.violation import Violation, entries_of, violation


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


def is_saved(attempt: Operation) -> bool:
    """Whether its key returns this answer from then on."""
    return attempt.is_ok or attempt.problem in SAVED_REFUSALS
