"""No unit is sold twice, created or lost, and every adjustment counts once."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from itertools import accumulate

from chaos.checker.operation import Operation
from chaos.checker.rows import desired_quantity
from chaos.checker.run import Run
from chaos.checker.violation import Violation, violation
from chaos.history import OrdersSeen, ProductsSeen
from chaos.seen import ProductSeen


def conserved(run: Run) -> Iterator[Violation]:
    """At every sample, what was ever put in is in stock or held, and stock is not below zero."""
    for sample in run.products_seen:
        for product in sample.products:
            if product.stock < 0 or product.held > product.adjusted:
                yield _of(run, "oversold", f"product {product.id} holds more than there is", sample, product.id)
            if product.stock + product.held != product.adjusted:
                message = (
                    f"product {product.id}: {product.stock} in stock + {product.held} held is not {product.adjusted}"
                )
                yield _of(run, "stock-not-conserved", message, sample, product.id)


def adjusted_once(run: Run) -> Iterator[Violation]:
    """At every sample, the ledger is the sum of the acknowledged adjustments, except for those still in progress."""
    ledgers = _ledgers(run)
    for sample in run.products_seen:
        for product in sample.products:
            ledger = ledgers.get(product.id)
            if ledger is None:
                continue
            least, most = ledger.bounds(sample.read_from, sample.at)
            if not least <= product.adjusted <= most:
                message = f"the ledger of product {product.id} has {product.adjusted}, requests allow {least} to {most}"
                yield _of(run, "adjustment-lost-or-doubled", message, sample, product.id)


def not_oversold(run: Run) -> Iterator[Violation]:
    """At every sample, live orders of a product are for no more units than were ever put in."""
    ledgers = _ledgers(run)
    sums: dict[int, int] = defaultdict(int)
    rows: dict[int, tuple[int, int]] = {}
    for sample in run.orders_seen:
        changed = set()
        for row in sample.rows or ():
            product_id, before = rows.get(row.id, (row.product_id, 0))
            rows[row.id] = row.product_id, desired_quantity(row)
            sums[product_id] -= before
            sums[row.product_id] += desired_quantity(row)
            changed.add(row.product_id)
        for product_id in changed & ledgers.keys():
            most = ledgers[product_id].bounds(sample.read_from, sample.at)[1]
            if sums[product_id] > most:
                message = f"live orders of product {product_id} are for {sums[product_id]} units, of at most {most}"
                yield _of(run, "oversold", message, sample, product_id)


class _Sum:
    """The sum of what had happened by a time."""

    def __init__(self, happened: list[tuple[float, int]]) -> None:
        happened.sort()
        self._times = [at for at, _ in happened]
        self._sums = [0, *accumulate(delta for _, delta in happened)]

    def by(self, at: float) -> int:
        return self._sums[bisect_right(self._times, at)]


class _Ledger:
    """What requests for adjustments of one product allow its ledger to be."""

    def __init__(self, product: ProductSeen, writes: list[Operation]) -> None:
        self.initial = product.adjusted
        attempts: dict[tuple[str, str], list[Operation]] = defaultdict(list)
        for write in writes:
            if write.invoke.kind == "adjust-stock":
                attempts[write.invoke.owner, write.invoke.key or f"#{write.invoke.op}"].append(write)
        once = [
            (same[0].invoke.delta or 0, min(write.began for write in same), min(write.settled for write in same))
            for same in attempts.values()
        ]
        self._possibly_taken, self._possibly_added = (
            _Sum([(began, delta) for delta, began, _ in once if (delta > 0) is added]) for added in (False, True)
        )
        self._surely_taken, self._surely_added = (
            _Sum([(settled, delta) for delta, _, settled in once if (delta > 0) is added]) for added in (False, True)
        )

    def bounds(self, begin: float, end: float) -> tuple[int, int]:
        """Return the least and the most that the ledger may be in a snapshot taken between `begin` and `end`."""
        return (
            self.initial + self._surely_added.by(begin) + self._possibly_taken.by(end),
            self.initial + self._possibly_added.by(end) + self._surely_taken.by(begin),
        )


def _ledgers(run: Run) -> dict[int, _Ledger]:
    products = run.start.products if run.start else []
    return {product.id: _Ledger(product, run.written_to(product.id)) for product in products}


def _of(run: Run, name: str, message: str, sample: OrdersSeen | ProductsSeen, product_id: int) -> Violation:
    before = sample.at - 3.0
    near = [
        operation
        for operation in run.operations
        if operation.invoke.product_id == product_id and operation.overlaps(before, sample.at)
    ]
    adjusting = [write for write in run.written_to(product_id) if write.invoke.kind == "adjust-stock"]
    samples = [seen for seen in run.products_seen if before <= seen.at < sample.at][-2:]
    return violation(
        run, name, message, evidence=[sample, *samples], related=[*near, *adjusting], about=(None, product_id)
    )
