"""An order's price was the product's at some moment while units were taken for it: first ones, and more."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import inf

from chaos.checker.operation import Operation
from chaos.checker.registers import Write, possible
from chaos.checker.run import Run
from chaos.checker.violation import Violation, violation


def was_valid(run: Run) -> Iterator[Violation]:
    """
    The units were held between the first attempt with this key and the answer; name and price are of that moment.

    Edits overlap with that and with each other: every value that may have been valid is allowed.
    """
    prices, names = _prices(run), _names(run)
    for place in run.places:
        shown = place.shown
        if shown is None or shown.product_id not in prices:
            continue
        begin = _first_attempt(run, place)
        allowed = possible(prices[shown.product_id], begin, place.returned)
        if Decimal(shown.unit_price) not in allowed:
            known = " or ".join(f"{price}" for price in sorted(allowed))
            message = f"order {shown.id} costs {shown.unit_price}; while it was placed, the price was {known}"
            yield _of(run, "price-never-valid", message, place)
        if shown.product_name not in possible(names[shown.product_id], begin, place.returned):
            message = f"order {shown.id} is of a {shown.product_name!r}, which the product was not called then"
            yield _of(run, "price-never-valid", message, place)


def was_valid_of_more(run: Run) -> Iterator[Violation]:
    """
    The units of an increase were held between its request and its answer, at a price of that time.

    Only an increase beyond all that was ever requested for the order is judged: for less, units may have been held that
    were not released yet.
    """
    prices = _prices(run)
    for operations in run.by_order.values():
        requested = [one for one in operations if one.invoke.quantity is not None]
        for change in requested:
            shown = change.shown
            if change.invoke.kind != "change" or shown is None or shown.product_id not in prices:
                continue
            if not _is_a_record(change, requested):
                continue
            allowed = possible(prices[shown.product_id], change.began, change.returned)
            if Decimal(shown.unit_price) not in allowed:
                known = " or ".join(f"{price}" for price in sorted(allowed))
                message = f"order {shown.id} got more units at {shown.unit_price}, when the price was {known}"
                yield _of(run, "held-at-an-old-price", message, change)


def _is_a_record(change: Operation, requested: Sequence[Operation]) -> bool:
    """Whether no other request for this order, its placement included, may have held that many units before."""
    earlier = [one for one in requested if one is not change and one.began <= change.returned]
    return any(one.invoke.kind == "place" for one in earlier) and all(
        (one.invoke.quantity or 0) < (change.invoke.quantity or 0) for one in earlier
    )


def _prices(run: Run) -> dict[int, list[Write[Decimal]]]:
    """Return the prices that each product has had, and when."""
    return {
        product.id: [Write(Decimal(product.price), -inf, -inf)]
        + [
            Write(Decimal(edit.invoke.price), edit.began, edit.settled)
            for edit in _edits(run, product.id)
            if edit.invoke.price
        ]
        for product in (run.start.products if run.start else ())
    }


def _names(run: Run) -> dict[int, list[Write[str]]]:
    """Return the names that each product has had, and when."""
    return {
        product.id: [Write(product.name, -inf, -inf)]
        + [Write(edit.invoke.name, edit.began, edit.settled) for edit in _edits(run, product.id) if edit.invoke.name]
        for product in (run.start.products if run.start else ())
    }


def _edits(run: Run, product_id: int | None) -> list[Operation]:
    return [write for write in run.written_to(product_id) if write.invoke.kind == "edit-product"]


def _first_attempt(run: Run, place: Operation) -> float:
    if place.invoke.kind != "place" or place.invoke.key is None:
        return place.began
    attempts = run.by_key[place.invoke.owner, place.invoke.key]
    return min(attempt.began for attempt in attempts if not attempt.is_without_effect)


def _of(run: Run, name: str, message: str, place: Operation) -> Violation:
    edits = _edits(run, place.shown.product_id if place.shown else None)
    begin = _first_attempt(run, place)
    before = [edit for edit in edits if edit.settled <= begin][-1:]
    meanwhile = [edit for edit in edits if edit.overlaps(begin, place.returned)]
    return violation(
        run, name, message, evidence=[*place.entries, *(e for edit in before for e in edit.entries)], related=meanwhile
    )
