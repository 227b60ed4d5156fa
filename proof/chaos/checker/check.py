"""Checks all invariants against one run."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from chaos.checker import (
    acknowledged,
    answers,
    availability,
    events,
    keys,
    memory,
    prices,
    recovery,
    requests,
    reserved,
    stock,
    transitions,
    unresolved,
)
from chaos.checker.run import Run, gather
from chaos.checker.violation import Violation
from chaos.history import Entry

MOST = 20  # violations that one rule reports; the first one matters

RULES: tuple[Callable[[Run], Iterator[Violation]], ...] = (
    stock.conserved,
    stock.adjusted_once,
    stock.not_oversold,
    acknowledged.exists,
    acknowledged.is_as_acknowledged,
    acknowledged.quantity_was_requested,
    keys.one_order_a_key,
    keys.one_body_a_key,
    keys.replays_are_equal,
    keys.are_kept,
    requests.requested,
    reserved.at_any_time,
    reserved.exactly_when_quiet,
    transitions.are_allowed,
    transitions.were_requested,
    transitions.rows_only_advance,
    prices.was_valid,
    prices.was_valid_of_more,
    events.applied_once,
    events.in_order,
    events.none_skipped,
    events.complete,
    unresolved.all_resolved,
    availability.outage_is_survived,
    availability.neighbours_are_served,
    availability.restarts_drop_nothing,
    answers.documented,
    memory.is_bounded,
    recovery.is_soon,
)


def check(entries: Iterable[Entry]) -> list[Violation]:
    """Return the violations in a history, or in the part that is already written, in order of time."""
    return check_run(gather(entries))


def check_run(run: Run) -> list[Violation]:
    found = [violation for rule in RULES for violation in islice(rule(run), MOST)]
    return sorted(found, key=lambda violation: violation.at)
