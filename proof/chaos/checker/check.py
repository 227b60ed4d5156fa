"""All invariants, asked of one run."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from chaos.checker import (
    acknowledged,
    answers,
    arrows,
    availability,
    doubts,
    keys,
    memory,
    prices,
    recovery,
    requests,
    reserved,
    stock,
)
from chaos.checker.run import Run, gather
from chaos.checker.violation import Violation
from chaos.history import Entry

MOST = 20  # violations that one rule tells of; the first is what matters

RULES: tuple[Callable[[Run], Iterator[Violation]], ...] = (
    stock.conserved,
    stock.adjusted_once,
    stock.not_oversold,
    acknowledged.exists,
    acknowledged.is_as_acknowledged,
    acknowledged.quantity_was_asked_for,
    keys.one_order_a_key,
    keys.one_body_a_key,
    keys.replays_are_equal,
    requests.requested,
    reserved.at_any_time,
    reserved.exactly_when_quiet,
    arrows.along_arrows,
    arrows.were_asked_for,
    arrows.rows_only_advance,
    prices.was_valid,
    doubts.resolved,
    availability.outage_is_survived,
    availability.restarts_drop_nothing,
    answers.documented,
    memory.is_bounded,
    recovery.is_soon,
)


def check(entries: Iterable[Entry]) -> list[Violation]:
    """Return every violation in a history, or in the part of it that is written yet, in the order they happened."""
    return check_run(gather(entries))


def check_run(run: Run) -> list[Violation]:
    found = [violation for rule in RULES for violation in islice(rule(run), MOST)]
    return sorted(found, key=lambda violation: violation.at)
