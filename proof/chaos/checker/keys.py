"""No key has two orders, and a key that was used answers for one body only, always the same."""

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
            says = f"key {key} of {owner} has the orders {', '.join(map(str, orders))}"
            yield violation(run, "key-with-two-orders", says, culprits=entries_of(orders.values()), beside=attempts)
    live: dict[Owned, dict[int, Sighting]] = defaultdict(dict)
    for sample in run.orders_seen:
        for row in sample.rows or ():
            if row.key is not None and row.placement == "live":
                same = live[row.owner, row.key]
                if same and row.id not in same:
                    says = f"key {row.key} of {row.owner} has the orders {', '.join(map(str, [*same, row.id]))}"
                    beside = run.by_key.get((row.owner, row.key), [])
                    yield violation(
                        run,
                        "key-with-two-orders",
                        says,
                        culprits=[*(sighting.sample for sighting in same.values()), sample],
                        beside=beside,
                        about=(row.id, None),
                    )
                same.setdefault(row.id, Sighting(sample, row))


def one_body_a_key(run: Run) -> Iterator[Violation]:
    """Once a key stands for an outcome, a request with it and another body is refused."""
    for (owner, key), attempts in run.by_key.items():
        by_body = {attempt.invoke.body: attempt for attempt in attempts if is_saved(attempt)}
        if len(by_body) > 1:
            says = f"key {key} of {owner} was answered for two bodies"
            yield violation(run, "key-answered-for-another-body", says, culprits=entries_of(by_body.values()))


def replays_are_equal(run: Run) -> Iterator[Violation]:
    """Every answer that was saved is given again, byte for byte, and marked as given again."""
    for (owner, key), attempts in run.by_key.items():
        saved = sorted((attempt for attempt in attempts if is_saved(attempt)), key=lambda attempt: attempt.returned)
        for again in saved[1:]:
            first = saved[0]
            if again.invoke.body != first.invoke.body or again.answer is None or first.answer is None:
                continue
            is_later = again.began >= first.returned
            if again.answer.fingerprint != first.answer.fingerprint or again.answer.status != first.answer.status:
                says = f"key {key} of {owner} was answered in two ways"
            elif is_later and not again.answer.replayed:
                says = f"key {key} of {owner} was answered again, and not marked as answered again"
            else:
                continue
            yield violation(run, "replay-differs", says, culprits=[*first.entries, *again.entries], beside=attempts)


def is_saved(attempt: Operation) -> bool:
    """Whether its answer is one that its key gives from then on."""
    return attempt.is_ok or attempt.problem in SAVED_REFUSALS
