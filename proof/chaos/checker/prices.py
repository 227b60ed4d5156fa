"""An order's price and product name were the product's at some moment while the order was being placed."""

from collections.abc import Iterator
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
    if run.start is None:
        return
    prices: dict[int, list[Write[Decimal]]] = {}
    names: dict[int, list[Write[str]]] = {}
    for product in run.start.products:
        edits = [write for write in run.written_to(product.id) if write.invoke.kind == "edit-product"]
        prices[product.id] = [Write(Decimal(product.price), -inf, -inf)] + [
            Write(Decimal(edit.invoke.price), edit.began, edit.settled) for edit in edits if edit.invoke.price
        ]
        names[product.id] = [Write(product.name, -inf, -inf)] + [
            Write(edit.invoke.name, edit.began, edit.settled) for edit in edits if edit.invoke.name
        ]
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


def _first_attempt(run: Run, place: Operation) -> float:
    if place.invoke.key is None:
        return place.began
    attempts = run.by_key[place.invoke.owner, place.invoke.key]
    return min(attempt.began for attempt in attempts if not attempt.is_without_effect)


def _of(run: Run, name: str, message: str, place: Operation) -> Violation:
    edits = [write for write in run.written_to(place.invoke.product_id) if write.invoke.kind == "edit-product"]
    begin = _first_attempt(run, place)
    before = [edit for edit in edits if edit.settled <= begin][-1:]
    meanwhile = [edit for edit in edits if edit.overlaps(begin, place.returned)]
    return violation(
        run, name, message, evidence=[*place.entries, *(e for edit in before for e in edit.entries)], related=meanwhile
    )
